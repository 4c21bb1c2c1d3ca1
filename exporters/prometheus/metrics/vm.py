"""Virtual machines: state, size, usage."""

from collections.abc import Iterable
from dataclasses import replace

from agent.model.property import Pace
from agent.model.virtual_machine import VirtualMachine
from exporters.prometheus.family import (
    KIB,
    MHZ,
    MIB,
    Family,
    Sample,
    gauge,
    info,
    limit,
    origins,
    state_set,
)
from exporters.prometheus.section import Section, Sight, Subject

LABELS = ("vcenter", "vm_id", "vm_name")


def _while_reached(family: Family[VirtualMachine]) -> Family[VirtualMachine]:
    """VCenter goes on telling the last usage of a VM that it has lost sight of: figures that nobody measured."""
    if all(origin.pace is not Pace.QUICK for origin in family.source):
        return family
    return replace(
        family,
        samples=lambda vm: family.samples(vm) if vm.connection_state in {None, "connected"} else (),
        reads=None if family.reads is None else family.reads | {"connection_state"},
    )


def _provisioned(vm: VirtualMachine) -> Iterable[Sample]:
    sizes = [disk.capacity_bytes for disk in vm.disks or ()]
    # one disk whose size is unknown makes the sum unknown
    known = [size for size in sizes if size is not None]
    if vm.disks is not None and len(known) == len(sizes):
        yield (), sum(known)


FAMILIES: tuple[Family[VirtualMachine], ...] = (
    info(
        VirtualMachine,
        "vsphere_vm_info",
        "What the VM is: the system its tools report (else the configured one), DNS name, virtual hardware.",
        moid="moid",
        dns_name="host_name",
        guest_os="guest_os",
        configured_os="configured_os",
        hardware_version="hardware_version",
        firmware="firmware",
        template="template",
        tools_version="tools_version",
    ),
    state_set(
        VirtualMachine,
        "vsphere_vm_power_state",
        "Power state; it keeps its old value while a power task runs.",
        "power_state",
        states=("poweredOn", "poweredOff", "suspended"),
    ),
    state_set(
        VirtualMachine,
        "vsphere_vm_connection_state",
        "Whether vCenter can reach the VM and its files.",
        "connection_state",
        states=("connected",),
        complete=False,
    ),
    state_set(
        VirtualMachine,
        "vsphere_vm_guest_state",
        "What the guest system does, as VMware Tools report it.",
        "guest_state",
        states=("running", "notRunning"),
        complete=False,
    ),
    state_set(
        VirtualMachine,
        "vsphere_vm_guest_heartbeat",
        "Heartbeat of VMware Tools: gray is no tools or not running, red no heartbeat, yellow an intermittent one.",
        "heartbeat",
        states=("gray", "green", "yellow", "red"),
    ),
    state_set(
        VirtualMachine,
        "vsphere_vm_tools_running_state",
        "Whether VMware Tools run.",
        "tools_running_status",
        states=("guestToolsRunning", "guestToolsNotRunning"),
        complete=False,
    ),
    state_set(
        VirtualMachine,
        "vsphere_vm_tools_version_state",
        "Whether the version of VMware Tools is current; unmanaged means the guest's own package, e.g. open-vm-tools.",
        "tools_version_status",
        states=("guestToolsCurrent", "guestToolsUnmanaged"),
        complete=False,
    ),
    gauge(
        VirtualMachine,
        "vsphere_vm_boot_timestamp_seconds",
        "When the VM was last powered on.",
        "boot_time",
    ),
    gauge(
        VirtualMachine,
        "vsphere_vm_uptime_seconds",
        "How long the guest system has been up.",
        "uptime_s",
    ),
    gauge(
        VirtualMachine,
        "vsphere_vm_ha_protected",
        "Whether vSphere HA would restart the VM (1) or not (0); absent where HA is off.",
        "ha_protected",
    ),
    gauge(
        VirtualMachine,
        "vsphere_vm_consolidation_needed",
        "Whether disks were left behind by a removed snapshot and need consolidation.",
        "consolidation_needed",
    ),
    gauge(
        VirtualMachine,
        "vsphere_vm_cpus",
        "Virtual CPUs.",
        "cpus",
    ),
    gauge(
        VirtualMachine,
        "vsphere_vm_cpu_cores_per_socket",
        "Virtual CPU cores per virtual socket.",
        "cores_per_socket",
    ),
    gauge(
        VirtualMachine,
        "vsphere_vm_cpu_usage_hertz",
        "CPU used, mean of the last interval that vCenter measured.",
        "cpu_usage_mhz",
        times=MHZ,
    ),
    gauge(
        VirtualMachine,
        "vsphere_vm_cpu_demand_hertz",
        "CPU the VM would use if nothing else ran.",
        "cpu_demand_mhz",
        times=MHZ,
    ),
    limit(
        VirtualMachine,
        "vsphere_vm_cpu_limit_hertz",
        "CPU the VM may use at most",
        "cpu_limit_mhz",
        times=MHZ,
    ),
    gauge(
        VirtualMachine,
        "vsphere_vm_cpu_reservation_hertz",
        "CPU guaranteed to the VM.",
        "cpu_reservation_mhz",
        times=MHZ,
    ),
    gauge(
        VirtualMachine,
        "vsphere_vm_memory_size_bytes",
        "Configured memory.",
        "memory_mib",
        times=MIB,
    ),
    gauge(
        VirtualMachine,
        "vsphere_vm_memory_active_bytes",
        "Guest memory touched recently, as the host estimates it.",
        "memory_active_mib",
        times=MIB,
    ),
    gauge(
        VirtualMachine,
        "vsphere_vm_memory_consumed_bytes",
        "Host memory the VM takes, without overhead.",
        "memory_consumed_mib",
        times=MIB,
    ),
    gauge(
        VirtualMachine,
        "vsphere_vm_memory_ballooned_bytes",
        "Guest memory taken back by the balloon driver.",
        "memory_ballooned_mib",
        times=MIB,
    ),
    gauge(
        VirtualMachine,
        "vsphere_vm_memory_swapped_bytes",
        "Guest memory the host has swapped out.",
        "memory_swapped_mib",
        times=MIB,
    ),
    gauge(
        VirtualMachine,
        "vsphere_vm_memory_compressed_bytes",
        "Guest memory the host has compressed.",
        "memory_compressed_kib",
        times=KIB,
    ),
    gauge(
        VirtualMachine,
        "vsphere_vm_memory_overhead_bytes",
        "Host memory taken by running the VM, beyond the guest's own.",
        "memory_overhead_consumed_mib",
        times=MIB,
    ),
    limit(
        VirtualMachine,
        "vsphere_vm_memory_limit_bytes",
        "Host memory the VM may take at most",
        "memory_limit_mib",
        times=MIB,
    ),
    gauge(
        VirtualMachine,
        "vsphere_vm_memory_reservation_bytes",
        "Host memory guaranteed to the VM.",
        "memory_reservation_mib",
        times=MIB,
    ),
    Family(
        name="vsphere_vm_disk_provisioned_bytes",
        help="Capacity of all virtual disks together, as the guest sees them.",
        source=origins(VirtualMachine, "disks.capacity_bytes"),
        samples=_provisioned,
        reads=frozenset({"disks"}),
    ),
    gauge(
        VirtualMachine,
        "vsphere_vm_storage_committed_bytes",
        "Space the VM occupies on datastores.",
        "storage_committed_bytes",
    ),
    gauge(
        VirtualMachine,
        "vsphere_vm_storage_uncommitted_bytes",
        "Space the VM's thin disks may still grow by.",
        "storage_uncommitted_bytes",
    ),
    gauge(
        VirtualMachine,
        "vsphere_vm_storage_unshared_bytes",
        "Space that deleting the VM would free.",
        "storage_unshared_bytes",
    ),
    Family(
        name="vsphere_vm_guest_disk_capacity_bytes",
        help="Size of a file system in the guest, as VMware Tools report it.",
        source=origins(VirtualMachine, "guest_disks.capacity_bytes"),
        labels=("path",),
        samples=lambda vm: (((disk.path,), disk.capacity_bytes) for disk in vm.guest_disks or ()),
        reads=frozenset({"guest_disks"}),
    ),
    Family(
        name="vsphere_vm_guest_disk_free_bytes",
        help="Free space of a file system in the guest, as VMware Tools report it.",
        source=origins(VirtualMachine, "guest_disks.free_bytes"),
        labels=("path",),
        samples=lambda vm: (((disk.path,), disk.free_bytes) for disk in vm.guest_disks or ()),
        reads=frozenset({"guest_disks"}),
    ),
)


def _subjects(sight: Sight) -> Iterable[Subject[VirtualMachine]]:
    for moid, vm in sight.inventory.vms.items():
        yield Subject(moid, sight.labels(sight.vm_ids[moid], vm.name), vm)


SECTION = Section(
    title="Virtual machines",
    labels=LABELS,
    families=tuple(map(_while_reached, FAMILIES)),
    subjects=_subjects,
    made_from=lambda sight: sight.inventory.vms,
)
