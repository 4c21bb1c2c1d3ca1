"""vDisk: every virtual disk of every VM."""

from agent.model.virtual_hardware import DiskController, VirtualDisk
from exporters.workbook.rows import VmPart, of_vm, part_labels, vm_parts
from exporters.workbook.sheet import Cell, Columns, Tab, mib


def _controller(row: VmPart[VirtualDisk]) -> DiskController | None:
    return next((one for one in row.vm.controllers or () if one.key == row.part.controller_key), None)


def _controller_label(row: VmPart[VirtualDisk]) -> Cell:
    found = _controller(row)
    return found.label if found is not None else None


def _shared_bus(row: VmPart[VirtualDisk]) -> Cell:
    found = _controller(row)
    return found.shared_bus if found is not None else None


def _scsi_unit(row: VmPart[VirtualDisk]) -> Cell:
    found = _controller(row)
    return row.part.unit_number if found is not None and found.shared_bus is not None else None


_COLUMNS: Columns[VmPart[VirtualDisk]] = (
    ("Disk", lambda row: row.part.label),
    ("Disk Key", lambda row: row.part.key),
    ("Disk UUID", lambda row: row.part.uuid),
    ("Disk Path", lambda row: row.part.file),
    ("Capacity MiB", lambda row: mib(row.part.capacity_bytes)),
    ("Raw", lambda row: "RawDiskMapping" in row.part.backing if row.part.backing is not None else None),
    ("Disk Mode", lambda row: row.part.disk_mode),
    ("Sharing mode", lambda row: row.part.sharing),
    ("Thin", lambda row: row.part.thin),
    ("Eagerly Scrub", lambda row: row.part.eager_zero),
    ("Split", lambda row: row.part.split),
    ("Write Through", lambda row: row.part.write_through),
    ("Level", lambda row: row.part.shares_level),
    ("Shares", lambda row: row.part.shares),
    ("Reservation", lambda row: row.part.io_reservation),
    ("Limit", lambda row: row.part.io_limit),
    ("Controller", _controller_label),
    ("Label", lambda row: row.part.label),
    ("SCSI Unit #", _scsi_unit),
    ("Unit #", lambda row: row.part.unit_number),
    ("Shared Bus", _shared_bus),
    ("Path", lambda row: row.part.file),
    ("Raw LUN ID", lambda row: row.part.rdm_lun),
    ("Raw Comp. Mode", lambda row: row.part.rdm_mode),
    ("Internal Sort Column", lambda row: f"{row.vm.name} {row.part.key}"),
)

TAB = Tab(
    name="vDisk",
    rows=vm_parts(lambda vm: vm.disks),
    columns=of_vm(_COLUMNS),
    labels=part_labels,
    labels_before="Datacenter",
)
