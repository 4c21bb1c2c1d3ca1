"""vmware_exporter's families of virtual machines. Names, units and spellings are that program's own."""

from collections.abc import Iterable

from agent.model.snapshot import flatten
from agent.model.virtual_machine import VirtualMachine
from agent.model.vmware_exporter_counters import VMWARE_EXPORTER_COUNTERS
from exporters.prometheus.family import Family, Origin, Sample, origins
from exporters.vmware_exporter.families import alarm_families, counter_families, one
from exporters.vmware_exporter.seen import SeenVm, apart


def _power(seen: SeenVm) -> float | None:
    return None if seen.vm.power_state is None else seen.vm.power_state == "poweredOn"


def _boot(seen: SeenVm) -> float | None:
    on = seen.vm.power_state == "poweredOn" and seen.vm.boot_time is not None
    return seen.vm.boot_time.timestamp() if on and seen.vm.boot_time else None


def _disks(seen: SeenVm, field: str) -> Iterable[Sample]:
    for disk in seen.vm.guest_disks or ():
        if disk.path is not None:
            yield (disk.path,), getattr(disk, field)


def _word(seen: SeenVm, field: str) -> Iterable[Sample]:
    value = getattr(seen.vm, field)
    return () if value is None else (((str(value),), 1),)


def _snapshots(seen: SeenVm) -> float | None:
    return len(list(flatten(seen.vm.snapshots))) or None


def _snapshot_times(seen: SeenVm) -> Iterable[Sample]:
    nodes = [node for _, node in flatten(seen.vm.snapshots)]
    names = apart(nodes, lambda node: (node.name or "",), lambda place, node: node.moid or str(place + 1))
    for name, node in zip(names, nodes, strict=True):
        if node.created is not None:
            yield (name,), node.created.timestamp()


def _of(*fields: str) -> tuple[Origin, ...]:
    return origins(VirtualMachine, *fields)


VMS: tuple[Family[SeenVm], ...] = (
    one("vmware_vm_power_state", "1 if powered on, 0 if off or suspended.", _of("power_state"), _power),
    one(
        "vmware_vm_boot_timestamp_seconds",
        "When it was last powered on; only while it is on.",
        _of("boot_time"),
        _boot,
    ),
    one("vmware_vm_num_cpu", "Virtual CPUs.", _of("cpus"), lambda seen: seen.vm.cpus),
    one("vmware_vm_memory_max", "Configured memory in MiB.", _of("memory_mib"), lambda seen: seen.vm.memory_mib),
    one(
        "vmware_vm_max_cpu_usage",
        "Most that its CPUs can use, in MHz.",
        _of("max_cpu_usage_mhz"),
        lambda seen: seen.vm.max_cpu_usage_mhz,
    ),
    one("vmware_vm_template", "1 for a template.", _of("template"), lambda seen: seen.vm.template),
)
VM_GUESTS: tuple[Family[SeenVm], ...] = (
    Family(
        name="vmware_vm_guest_disk_free",
        help="Free bytes of a file system in the guest.",
        source=_of("guest_disks.free_bytes"),
        samples=lambda seen: _disks(seen, "free_bytes"),
        labels=("partition",),
    ),
    Family(
        name="vmware_vm_guest_disk_capacity",
        help="Bytes of a file system in the guest.",
        source=_of("guest_disks.capacity_bytes"),
        samples=lambda seen: _disks(seen, "capacity_bytes"),
        labels=("partition",),
    ),
    Family(
        name="vmware_vm_guest_tools_running_status",
        help="Constant 1; the state of VMware Tools is the label.",
        source=_of("tools_status"),
        samples=lambda seen: _word(seen, "tools_status"),
        labels=("tools_status",),
    ),
    Family(
        name="vmware_vm_guest_tools_version",
        help="Constant 1; the version of VMware Tools is the label.",
        source=_of("tools_version"),
        samples=lambda seen: _word(seen, "tools_version"),
        labels=("tools_version",),
    ),
    Family(
        name="vmware_vm_guest_tools_version_status",
        help="Constant 1; whether VMware Tools are current is the label.",
        source=_of("tools_version_status"),
        samples=lambda seen: _word(seen, "tools_version_status"),
        labels=("tools_version_status",),
    ),
)
SNAPSHOTS: tuple[Family[SeenVm], ...] = (
    one("vmware_vm_snapshots", "Snapshots; absent where there are none.", _of("snapshots"), _snapshots),
    Family(
        name="vmware_vm_snapshot_timestamp_seconds",
        help="When the snapshot was made.",
        source=_of("snapshots.created"),
        samples=_snapshot_times,
        labels=("vm_snapshot_name",),
    ),
)
VM_ALARMS = alarm_families("vm", VirtualMachine)
VM_COUNTERS: tuple[Family[SeenVm], ...] = counter_families("vm", VMWARE_EXPORTER_COUNTERS["vm"])
