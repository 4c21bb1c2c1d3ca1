"""Faults of VMs: what they are, how they are set up, and how they are doing. One VM for each, that is well otherwise."""

from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from typing import Any

from pyVmomi import vim

from agent.simulator.estate.copies import vary
from agent.simulator.objects import Estate
from agent.simulator.planted.table import Plant
from agent.simulator.scenario_state import set_guest, set_heartbeat, set_runtime

_device = vim.vm.device
Change = Callable[[Estate, str], object]


def _vm(check: str, moid: str, change: Change, *, causes: Collection[str] = (), also: str | None = None) -> Plant:
    """A plant on one VM; `also` is another one that the check finds with it."""

    def alter(estate: Estate) -> Iterator[str]:
        change(estate, moid)
        yield moid
        if also is not None:
            yield also

    return Plant(check=check, alter=alter, round=0, causes=frozenset(causes), hides=False, silences=frozenset())


def _set(path: str, value: Any) -> Change:
    return lambda estate, vm: estate.set(vm, path, value)


def _runtime(**changes: Any) -> Change:
    return lambda estate, vm: set_runtime(estate, vm, **changes)


def _counters(**values: int) -> Change:
    """Performance counters, by their names with `__` for the dots."""

    def change(estate: Estate, vm: str) -> None:
        for name, value in values.items():
            # binds the value, whatever instance is asked for
            estate.performance[vm, name.replace("__", ".")] = lambda _instance, _second, value=value: value  # type: ignore[misc]  # binds value

    return change


def _devices(kind: Any, **changes: Any) -> Change:
    """The first device of a kind, altered; `backing` is a mapping of what differs in it."""

    def change(estate: Estate, vm: str) -> None:
        devices = list(estate.get(vm, "config.hardware.device"))
        at = next(index for index, one in enumerate(devices) if isinstance(one, kind))
        wanted = dict(changes)
        if "backing" in wanted:
            wanted["backing"] = vary(devices[at].backing, **wanted["backing"])
        devices[at] = vary(devices[at], **wanted)
        estate.set(vm, "config.hardware.device", devices)

    return change


def _guest(**changes: Any) -> Change:
    return lambda estate, vm: set_guest(estate, vm, vary(estate.get(vm, "guest"), **changes))


def _same_mac(estate: Estate, vm: str) -> None:
    cards = [
        one for one in estate.get("vm-2034", "config.hardware.device") if isinstance(one, _device.VirtualEthernetCard)
    ]
    _devices(_device.VirtualEthernetCard, macAddress=cards[0].macAddress)(estate, vm)


def _same_address(estate: Estate, vm: str) -> None:
    estate.set(vm, "guest.net", estate.get("vm-2041", "guest.net"))


def _local_disk(estate: Estate, vm: str) -> None:
    """A datastore that only the VM's own host still has."""
    estate.set(vm, "datastore", [vim.Datastore("datastore-498")])


def _elsewhere(estate: Estate, vm: str) -> None:
    """Its second disk lies on another datastore."""
    devices = list(estate.get(vm, "config.hardware.device"))
    at = [index for index, one in enumerate(devices) if isinstance(one, _device.VirtualDisk)][-1]
    devices[at] = vary(devices[at], backing=vary(devices[at].backing, datastore=vim.Datastore("datastore-505")))
    estate.set(vm, "config.hardware.device", devices)


def _left_snapshot(estate: Estate, vm: str) -> None:
    tree = vim.vm.SnapshotTree(
        snapshot=vim.vm.Snapshot("snapshot-9901"),
        vm=vim.VirtualMachine(vm),
        name="VEEAM BACKUP TEMPORARY SNAPSHOT",
        description="Please do not delete this snapshot.",
        id=99,
        createTime=estate.now() - timedelta(hours=40),
        state="poweredOn",
        quiesced=True,
        replaySupported=False,
        childSnapshotList=[],
    )
    estate.set(vm, "snapshot", vim.vm.SnapshotInfo(currentSnapshot=tree.snapshot, rootSnapshotList=[tree]))


def _slow_disk(estate: Estate, vm: str) -> None:
    _counters(virtualDisk__totalReadLatency__average=70, virtualDisk__totalWriteLatency__average=9)(estate, vm)


def _old_figure(estate: Estate, vm: str) -> None:
    storage = estate.get(vm, "summary.storage")
    estate.set(vm, "summary.storage", vary(storage, timestamp=estate.now() - timedelta(days=3)))


def _started(estate: Estate, vm: str) -> None:
    set_runtime(estate, vm, bootTime=estate.now() - timedelta(hours=3))


_DROPPED = _counters(net__droppedRx__summation=500, net__packetsRx__summation=5000, net__packetsTx__summation=5000)
PLANTS: tuple[Plant, ...] = (
    _vm("vm_guest_crashed", "vm-2001", _guest(guestKernelCrashed=True)),
    _vm("vm_heartbeat_lost", "vm-2002", lambda estate, vm: set_heartbeat(estate, vm, "red")),
    _vm("vm_encryption_locked", "vm-2006", _runtime(cryptoState="locked")),
    _vm("vm_failover_stuck", "vm-2007", _runtime(vmFailoverInProgress=True)),
    _vm("vm_boots_into_setup", "vm-2008", _set("config.bootOptions.enterBIOSSetup", value=True)),
    _vm("vm_restarted", "vm-2009", _started),
    _vm("vm_cpu_ready", "vm-2014", _counters(cpu__ready__summation=60_000)),
    _vm("vm_cpu_costop", "vm-2015", _counters(cpu__costop__summation=30_000)),
    _vm("vm_cpu_contention", "vm-2016", _counters(cpu__latency__average=2500)),
    _vm("vm_cpu_limited", "vm-2017", _counters(cpu__maxlimited__summation=900)),
    _vm("vm_memory_swapping", "vm-2018", _counters(mem__swapinRate__average=4000)),
    _vm("vm_disk_latency_high", "vm-2019", _slow_disk),
    _vm("vm_network_drops", "vm-2020", _DROPPED),
    _vm(
        "vm_disk_io_limited",
        "vm-2021",
        _devices(_device.VirtualDisk, storageIOAllocation=vim.StorageResourceManager.IOAllocationInfo(limit=500)),
    ),
    _vm("vm_local_datastore", "vm-2022", _local_disk),
    _vm("vm_spread_over_datastores", "vm-2053", _elsewhere),
    _vm("vm_name_differs", "vm-2024", _guest(hostName="nps-old.kommune.example")),
    _vm("vm_time_from_host", "vm-2032", _set("config.tools.syncTimeWithHost", value=True)),
    _vm("vm_mac_duplicate", "vm-2035", _same_mac, also="vm-2034"),
    _vm(
        "vm_uuid_duplicate",
        "vm-2037",
        lambda estate, vm: estate.set(vm, "config.uuid", estate.get("vm-2039", "config.uuid")),
        also="vm-2039",
    ),
    _vm("vm_ip_duplicate", "vm-2040", _same_address, also="vm-2041"),
    _vm("vm_backup_snapshot_left", "vm-2043", _left_snapshot),
    _vm(
        "vm_snapshot_phantom",
        "vm-2044",
        _devices(_device.VirtualDisk, backing={"fileName": "[VMFS-PROD-02] ctx-vda03/ctx-vda03-000002.vmdk"}),
    ),
    _vm("vm_tools_installer_mounted", "vm-2045", _runtime(toolsInstallerMounted=True)),
    _vm("vm_storage_figure_old", "vm-2046", _old_figure),
)
