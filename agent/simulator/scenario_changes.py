"""What people change: VMs created, removed, renamed, reconfigured; alarms."""

import uuid
from typing import Any

from pyVmomi import vim

from agent.simulator.estate.alarms import trigger, triggered
from agent.simulator.estate.copies import vary
from agent.simulator.estate.events import post, post_alarm_change
from agent.simulator.estate.names import VENDOR
from agent.simulator.estate.vm_config import CORE_MHZ
from agent.simulator.estate.vm_guest import guest_summary, remember, remembered, silent_guest
from agent.simulator.estate.vm_runtime import IDLE
from agent.simulator.estate.vm_snapshots import flattened
from agent.simulator.estate.vm_storage import SUSPEND, SWAP, storage_info, storage_summary, without
from agent.simulator.objects import Estate
from agent.simulator.scenario_state import list_in, set_runtime, take_space, unlist
from agent.simulator.schema import id_of

_event = vim.event


def alarm_raise(estate: Estate, entity: str, alarm: str, status: str) -> None:
    """An alarm turns yellow or red on an entity."""
    with estate.lock:
        before = triggered(estate, entity, alarm)
        trigger(estate, entity, alarm, status, estate.now())
        post_alarm_change(estate, entity, alarm, before.overallStatus if before else "green", status)


def alarm_clear(estate: Estate, entity: str, alarm: str) -> None:
    """An alarm that was triggered on an entity turns green; nothing happens if it was not."""
    with estate.lock:
        before = triggered(estate, entity, alarm)
        if before is not None:
            trigger(estate, entity, alarm, "green", estate.now())
            post_alarm_change(estate, entity, alarm, before.overallStatus, "green")


def rename(estate: Estate, vm: str, name: str, *, user: str = VENDOR) -> None:
    """A VM gets another name; its files keep theirs."""
    with estate.lock:
        old = estate.get(vm, "name")
        for path in ("name", "config.name", "summary.config.name"):
            estate.set(vm, path, name)
        message = f"Renamed {old} from {old} to {name} in {{datacenter}}"
        post(estate, _event.VmRenamedEvent, vm, message, user=user, oldName=old, newName=name)


def reconfigure(
    estate: Estate, vm: str, *, cpus: int | None = None, memory_mib: int | None = None, user: str = VENDOR
) -> None:
    """Change the number of vCPUs, the memory (MiB), or both."""
    with estate.lock:
        changes = []
        hardware = estate.get(vm, "config.hardware")
        if cpus is not None:
            changes.append(f"config.hardware.numCPU: {hardware.numCPU} -> {cpus}; ")
            estate.set(vm, "config.hardware.numCPU", cpus)
            estate.set(vm, "summary.config.numCpu", cpus)
            set_runtime(estate, vm, maxCpuUsage=cpus * CORE_MHZ)
        if memory_mib is not None:
            changes.append(f"config.hardware.memoryMB: {hardware.memoryMB} -> {memory_mib}; ")
            estate.set(vm, "config.hardware.memoryMB", memory_mib)
            estate.set(vm, "summary.config.memorySizeMB", memory_mib)
            set_runtime(estate, vm, maxMemoryUsage=memory_mib)
        now = estate.now()
        estate.set(vm, "config.changeVersion", now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
        estate.set(vm, "config.modified", now)
        post(
            estate,
            _event.VmReconfiguredEvent,
            vm,
            "Reconfigured {vm} on {host} in {datacenter}",
            user=user,
            configSpec=vim.vm.ConfigSpec(numCPUs=cpus, memoryMB=memory_mib),
            configChanges=_event.ChangesInfoEventArgument(modified="\n".join(changes), added="", deleted=""),
        )


def vm_create(estate: Estate, name: str, *, like: str, user: str = VENDOR) -> str:
    """Create a VM with the hardware of VM `like`, without its snapshots, powered off. Returns its managed object id."""
    with estate.lock:
        number = 1 + max(int(vm.removeprefix("vm-")) for vm in estate.ids(vim.VirtualMachine))
        moid = f"vm-{number}"
        ref = vim.VirtualMachine(moid)
        estate.add(vim.VirtualMachine, moid, **_copied(estate, like, ref, name, number))
        parent = estate.get(moid, "parent")
        if parent is not None:
            list_in(estate, id_of(parent), "childEntity", ref)
        for holder in _holders(estate, moid):
            list_in(estate, holder, "vm", ref)
        for switch in _switches(estate, moid):
            list_in(estate, switch, "summary.vm", ref)
        summary = estate.get(moid, "summary.storage")
        take_space(estate, id_of(estate.get(moid, "datastore")[0]), summary.committed, uncommitted=summary.uncommitted)
        first = post(
            estate,
            _event.VmBeingCreatedEvent,
            moid,
            "Creating {vm} on host {host} in {datacenter}",
            user=user,
            configSpec=vim.vm.ConfigSpec(name=name),
        )
        post(
            estate,
            _event.VmCreatedEvent,
            moid,
            "Created virtual machine {vm} on {host} in {datacenter}",
            user=user,
            chain=first.key,
        )
        return moid


def _copied(estate: Estate, like: str, ref: vim.VirtualMachine, name: str, number: int) -> dict[str, Any]:
    """The properties of a VM made like another."""
    props = dict(estate.entry(like).props)
    now = estate.now()
    old = props["config"]
    devices: list[Any] = []
    for device in old.hardware.device:
        if isinstance(device, vim.vm.device.VirtualEthernetCard):
            mac = f"00:50:56:bf:{number >> 8 & 0xFF:02x}:{number & 0xFF:02x}"
            devices.append(vary(device, macAddress=mac))
        elif isinstance(device, vim.vm.device.VirtualDisk):
            base: Any = device.backing
            while base.parent is not None:
                base = base.parent
            file = base.fileName.replace(old.name, name)
            devices.append(vary(device, backing=vary(base, fileName=file)))
        else:
            devices.append(device)
    layout = without(props["layoutEx"], SWAP, SUSPEND, "snapshotData")
    kept = {key for disk in layout.disk for key in disk.chain[0].fileKey}
    files = [
        vary(one, name=one.name.replace(old.name, name))
        for one in layout.file
        if one.key in kept or not one.type.startswith("disk")
    ]
    layout = vary(
        layout, file=files, disk=[vary(disk, chain=disk.chain[:1]) for disk in layout.disk], snapshot=[], timestamp=now
    )
    identity = {
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{old.uuid}/{number}")),
        "instanceUuid": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{old.instanceUuid}/{number}")),
    }
    config = vary(
        old,
        name=name,
        createDate=now,
        modified=now,
        changeVersion=now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        template=False,
        hardware=vary(old.hardware, device=devices),
        files=vim.vm.FileInfo(
            **{
                field: getattr(old.files, field).replace(old.name, name)
                for field in ("vmPathName", "snapshotDirectory", "suspendDirectory", "logDirectory")
            }
        ),
        **identity,
    )
    runtime = vary(
        props["runtime"],
        connectionState="connected",
        powerState="poweredOff",
        bootTime=None,
        suspendTime=None,
        cleanPowerOff=True,
        memoryOverhead=None,
        question=None,
        consolidationNeeded=False,
    )
    guest = vary(remembered(estate, like) or props["guest"], hostName=name.lower())
    remember(estate, id_of(ref), guest)
    silent = silent_guest(guest)
    disks = [device for device in devices if isinstance(device, vim.vm.device.VirtualDisk)]
    storage = storage_summary(layout, disks, now)
    summary = props["summary"]
    return props | {
        "name": name,
        "config": config,
        "runtime": runtime,
        "guest": silent,
        "guestHeartbeatStatus": "gray",
        "layoutEx": layout,
        "storage": storage_info(props["datastore"][0], storage),
        "snapshot": None,
        "rootSnapshot": [],
        "triggeredAlarmState": [],
        "declaredAlarmState": [],
        "summary": vary(
            summary,
            vm=ref,
            runtime=runtime,
            guest=guest_summary(silent),
            config=vary(summary.config, name=name, template=False, vmPathName=config.files.vmPathName, **identity),
            storage=storage,
            quickStats=IDLE,
            overallStatus="green",
        ),
    }


def _holders(estate: Estate, vm: str) -> list[str]:
    """The objects whose `vm` list a VM is in."""
    pool = estate.get(vm, "resourcePool")
    networks = [id_of(one) for one in estate.get(vm, "network")]
    datastores = [id_of(one) for one in estate.get(vm, "datastore")]
    return [id_of(estate.get(vm, "runtime.host")), *datastores, *networks, *([id_of(pool)] if pool else [])]


def _switches(estate: Estate, vm: str) -> list[str]:
    """The distributed switches a VM is connected to."""
    groups = [one for one in estate.get(vm, "network") if isinstance(one, vim.dvs.DistributedVirtualPortgroup)]
    return sorted({id_of(estate.get(id_of(one), "config.distributedVirtualSwitch")) for one in groups})


def _forget_in_cluster(estate: Estate, vm: str) -> None:
    """Take a VM out of the rules, groups and overrides of its cluster."""
    ref = estate.entry(vm).ref
    cluster = id_of(estate.get(id_of(estate.get(vm, "runtime.host")), "parent"))
    config = estate.get(cluster, "configurationEx")
    if not isinstance(config, vim.cluster.ConfigInfoEx):
        return

    def without_it(one: Any) -> Any:
        return vary(one, vm=[other for other in one.vm if other != ref]) if hasattr(one, "vm") else one

    estate.set(
        cluster,
        "configurationEx",
        vary(
            config,
            rule=[without_it(rule) for rule in config.rule],
            group=[without_it(group) for group in config.group],
            dasVmConfig=[one for one in config.dasVmConfig if one.key != ref],
            drsVmConfig=[one for one in config.drsVmConfig if one.key != ref],
        ),
    )


def vm_remove(estate: Estate, vm: str, *, user: str = VENDOR) -> None:
    """Delete a VM from disk."""
    with estate.lock:
        post(estate, _event.VmRemovedEvent, vm, "Removed {vm} on {host} from {datacenter}", user=user)
        ref = estate.entry(vm).ref
        for holder in _holders(estate, vm):
            unlist(estate, holder, "vm", ref)
        for switch in _switches(estate, vm):
            unlist(estate, switch, "summary.vm", ref)
        for state in estate.get(vm, "triggeredAlarmState"):
            trigger(estate, vm, id_of(state.alarm), "green", estate.now())
        _forget_in_cluster(estate, vm)
        parent = estate.get(vm, "parent")
        if parent is not None:
            unlist(estate, id_of(parent), "childEntity", ref)
        storage = estate.get(vm, "summary.storage")
        datastore = id_of(estate.get(vm, "datastore")[0])
        take_space(estate, datastore, -storage.committed, uncommitted=-storage.uncommitted)
        for node in flattened(estate.get(vm, "snapshot")):
            estate.remove(id_of(node.snapshot))
        estate.remove(vm)
