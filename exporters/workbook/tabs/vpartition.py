"""vPartition: every file system that VMware Tools report; MiB."""

from agent.model.virtual_machine import GuestDisk
from exporters.workbook.rows import VmPart, of_vm, part_labels, vm_parts
from exporters.workbook.sheet import Columns, Tab, listed, mib, percent


def _consumed_mib(row: VmPart[GuestDisk]) -> int | None:
    capacity, free = row.part.capacity_bytes, row.part.free_bytes
    return None if capacity is None or free is None else mib(capacity - free)


_COLUMNS: Columns[VmPart[GuestDisk]] = (
    ("Disk Key", lambda row: listed(mapping.key for mapping in row.part.mappings or ()) or None),
    ("Disk", lambda row: row.part.path),
    ("Capacity MiB", lambda row: mib(row.part.capacity_bytes)),
    ("Consumed MiB", _consumed_mib),
    ("Free MiB", lambda row: mib(row.part.free_bytes)),
    ("Free %", lambda row: percent(row.part.free_bytes, row.part.capacity_bytes)),
    ("Internal Sort Column", lambda row: f"{row.vm.name} {row.part.path}"),
)

TAB = Tab(
    name="vPartition",
    rows=vm_parts(lambda vm: vm.guest_disks),
    columns=of_vm(_COLUMNS),
    labels=part_labels,
    labels_before="Datacenter",
)
