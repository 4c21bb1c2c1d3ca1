"""vMultiPath: every LUN of every host with its paths."""

from collections.abc import Callable

from agent.model.host_storage import MultipathLun, ScsiLun
from exporters.workbook.rows import HOST_HEAD, HOST_TAIL, HostPart, carrier, host_parts
from exporters.workbook.sheet import Cell, Columns, Tab, listed, of_part

PATHS = 8


def _scsi(value: Callable[[ScsiLun], Cell]) -> Callable[[HostPart[MultipathLun]], Cell]:
    def cell(row: HostPart[MultipathLun]) -> Cell:
        found = _lun(row)
        return value(found) if found is not None else None

    return cell


def _lun(row: HostPart[MultipathLun]) -> ScsiLun | None:
    return next((lun for lun in row.host.scsi_luns or () if lun.key == row.part.lun), None)


def _datastore(row: HostPart[MultipathLun]) -> Cell:
    """The VMFS volume that has an extent on the LUN."""
    lun = _lun(row)
    disk = lun.canonical_name if lun is not None else None
    found = (mount.name for mount in row.host.mounts or () if any(one.disk == disk for one in mount.extents or ()))
    return next(found, None) if disk is not None else None


def _path(number: int) -> Columns[HostPart[MultipathLun]]:
    def name(row: HostPart[MultipathLun]) -> Cell:
        paths = row.part.paths or ()
        return paths[number].name if number < len(paths) else None

    def state(row: HostPart[MultipathLun]) -> Cell:
        paths = row.part.paths or ()
        return paths[number].state if number < len(paths) else None

    return (f"Path {number + 1}", name), (f"Path {number + 1} state", state)


_HOST, _DATACENTER, _CLUSTER = of_part(HOST_HEAD, carrier)
_COLUMNS: Columns[HostPart[MultipathLun]] = (
    _HOST,
    _CLUSTER,
    _DATACENTER,
    ("Datastore", _datastore),
    ("Disk", _scsi(lambda lun: lun.canonical_name)),
    ("Display name", _scsi(lambda lun: lun.display_name)),
    ("Policy", lambda row: row.part.policy),
    ("Oper. State", _scsi(lambda lun: listed(lun.operational_state))),
    *(column for number in range(PATHS) for column in _path(number)),
    ("vStorage", _scsi(lambda lun: lun.vaai)),
    ("Queue depth", _scsi(lambda lun: lun.queue_depth)),
    ("Vendor", _scsi(lambda lun: lun.vendor)),
    ("Model", _scsi(lambda lun: lun.model)),
    ("Revision", _scsi(lambda lun: lun.revision)),
    ("Level", _scsi(lambda lun: lun.scsi_level)),
    ("Serial #", _scsi(lambda lun: lun.serial_number)),
    ("UUID", _scsi(lambda lun: lun.uuid)),
    ("Object ID", lambda row: row.host.moid),
    *of_part(HOST_TAIL, carrier),
)

TAB = Tab(name="vMultiPath", rows=host_parts(lambda host: host.multipath), columns=_COLUMNS)
