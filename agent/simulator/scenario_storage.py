"""What happens to storage: snapshots come, grow and go; datastores fill up or cannot be reached."""

from pyVmomi import vim

from agent.simulator.estate.alarms import CONSOLIDATION, DATASTORE_USAGE
from agent.simulator.estate.copies import vary
from agent.simulator.estate.events import post_ex, post_task
from agent.simulator.estate.issues import consolidation_issue
from agent.simulator.estate.names import BACKUP
from agent.simulator.estate.vm_snapshots import Stored, flattened, snapshot_grown, snapshot_removed, snapshot_taken
from agent.simulator.objects import Estate
from agent.simulator.scenario_changes import alarm_clear, alarm_raise
from agent.simulator.scenario_state import set_layout, set_runtime, stored, take_space
from agent.simulator.schema import id_of

# Shares in use at which the alarm "Datastore usage on disk" changes, as its definition says.
YELLOW, RED = 0.75, 0.85


def create_snapshot(
    estate: Estate, vm: str, name: str, *, description: str = "", quiesced: bool = False, user: str = BACKUP
) -> str:
    """Take a snapshot of a VM's disks; returns its managed object id."""
    with estate.lock:
        number = 1 + max((int(one.removeprefix("snapshot-")) for one in estate.ids(vim.vm.Snapshot)), default=0)
        moid = f"snapshot-{number}"
        post_task(estate, vm, "VirtualMachine.createSnapshot", "Create virtual machine snapshot", user=user)
        ref = estate.entry(vm).ref
        before = flattened(estate.get(vm, "snapshot"))
        estate.add(vim.vm.Snapshot, moid, vm=ref, config=estate.get(vm, "config"), childSnapshot=[], value=[])
        if before:
            estate.set(id_of(before[-1].snapshot), "childSnapshot", [vim.vm.Snapshot(moid)])
        after = snapshot_taken(
            stored(estate, vm),
            vm=ref,
            snapshot=vim.vm.Snapshot(moid),
            name=name,
            description=description,
            created=estate.now(),
            power=estate.get(vm, "runtime.powerState"),
            quiesced=quiesced,
        )
        _store(estate, vm, after)
        return moid


def remove_snapshot(estate: Estate, vm: str, snapshot: str, *, user: str = BACKUP) -> None:
    """Remove a snapshot and merge its delta disks; KeyError if the VM has no such snapshot."""
    with estate.lock:
        after = snapshot_removed(stored(estate, vm), vim.vm.Snapshot(snapshot))
        post_task(estate, vm, "VirtualMachine.removeSnapshot", "Remove snapshot", user=user)
        _store(estate, vm, after)
        estate.remove(snapshot)
        nodes = flattened(after.snapshot)
        for node, child in zip(nodes, [*nodes[1:], None], strict=False):
            estate.set(id_of(node.snapshot), "childSnapshot", [child.snapshot] if child else [])


def snapshot_grows(estate: Estate, vm: str, added_bytes: int) -> None:
    """The guest writes: the topmost delta disk grows. Nothing happens to a VM without snapshots."""
    with estate.lock:
        set_layout(estate, vm, snapshot_grown(stored(estate, vm), added_bytes).layout)


def _store(estate: Estate, vm: str, after: Stored) -> None:
    estate.set(vm, "config.hardware.device", list(after.devices))
    estate.set(vm, "snapshot", after.snapshot)
    estate.set(vm, "rootSnapshot", [node.snapshot for node in flattened(after.snapshot)][:1])
    set_layout(estate, vm, after.layout)


def consolidation_needed(estate: Estate, vm: str, *, needed: bool = True) -> None:
    """A backup could not clean up behind itself (or somebody consolidated the disks after all)."""
    with estate.lock:
        set_runtime(estate, vm, consolidationNeeded=needed)
        estate.set(vm, "configIssue", [consolidation_issue(estate, vm, estate.now())] if needed else [])
        if needed:
            post_ex(
                estate,
                "com.vmware.vc.VmDiskConsolidationNeeded",
                vm,
                "Virtual machine {vm} disks consolidation is needed on {host} in cluster {cluster} in {datacenter}.",
                severity="warning",
            )
            alarm_raise(estate, vm, CONSOLIDATION, "yellow")
        else:
            alarm_clear(estate, vm, CONSOLIDATION)


def datastore_fills(estate: Estate, datastore: str, added_bytes: int) -> None:
    """Files that belong to no VM take (or, negative, give back) space; the usage alarm follows."""
    with estate.lock:
        take_space(estate, datastore, added_bytes)
        summary = estate.get(datastore, "summary")
        used = 1 - summary.freeSpace / summary.capacity
        status = "red" if used > RED else "yellow" if used > YELLOW else "green"
        states = estate.get(datastore, "triggeredAlarmState")
        now = next((one.overallStatus for one in states if id_of(one.alarm) == DATASTORE_USAGE), "green")
        if status == now:
            return
        estate.set(datastore, "overallStatus", status)
        if status == "green":
            alarm_clear(estate, datastore, DATASTORE_USAGE)
        else:
            alarm_raise(estate, datastore, DATASTORE_USAGE, status)


def datastore_loses_access(estate: Estate, datastore: str) -> None:
    """All paths to a datastore are down on every host; its VMs become inaccessible."""
    _access(estate, datastore, accessible=False)


def datastore_regains_access(estate: Estate, datastore: str) -> None:
    """The paths are back."""
    _access(estate, datastore, accessible=True)


def _access(estate: Estate, datastore: str, *, accessible: bool) -> None:
    with estate.lock:
        mounts = estate.get(datastore, "host")
        reason = None if accessible else "AllPathsDown_Start"
        estate.set(
            datastore,
            "host",
            [
                vary(mount, mountInfo=vary(mount.mountInfo, accessible=accessible, inaccessibleReason=reason))
                for mount in mounts
            ],
        )
        estate.set(datastore, "summary.accessible", accessible)
        name = estate.get(datastore, "name")
        for mount in mounts:
            _mounted(estate, id_of(mount.key), name, accessible=accessible, reason=reason)
            post_ex(
                estate,
                "esx.clear.storage.apd.exit" if accessible else "esx.problem.storage.apd.start",
                id_of(mount.key),
                f"Device or filesystem {name} has {'exited' if accessible else 'entered'} the All Paths Down state.",
                severity="info" if accessible else "warning",
            )
        before, after = ("inaccessible", "connected") if accessible else ("connected", "inaccessible")
        for ref in estate.get(datastore, "vm"):
            vm = id_of(ref)
            if estate.get(vm, "runtime.connectionState") == before:
                set_runtime(estate, vm, connectionState=after)
                estate.set(vm, "overallStatus", "green" if accessible else "red")


def _mounted(estate: Estate, host: str, name: str, *, accessible: bool, reason: str | None) -> None:
    """What the host itself says of a datastore it has mounted: `config.fileSystemVolume`."""
    mounts = [
        vary(mount, mountInfo=vary(mount.mountInfo, accessible=accessible, inaccessibleReason=reason))
        if mount.volume.name == name
        else mount
        for mount in estate.get(host, "config.fileSystemVolume.mountInfo")
    ]
    estate.set(host, "config.fileSystemVolume.mountInfo", mounts)
