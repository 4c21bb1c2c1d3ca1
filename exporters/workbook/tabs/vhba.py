"""vHBA: every host bus adapter of every host."""

from agent.model.host_storage import BusAdapter
from exporters.workbook.rows import HostPart, host_parts, of_host
from exporters.workbook.sheet import Cell, Columns, Tab

_ALL_BITS = 0xFFFF_FFFF_FFFF_FFFF


def _wwn(row: HostPart[BusAdapter]) -> Cell:
    """Eight bytes in hexadecimal, or the name that iSCSI has instead; the API's number is signed."""
    number = row.part.port_wwn
    if number is None:
        return row.part.iscsi_name
    return (number & _ALL_BITS).to_bytes(8).hex(":")


_COLUMNS: Columns[HostPart[BusAdapter]] = (
    ("Device", lambda row: row.part.device),
    ("Type", lambda row: row.part.kind),
    ("Status", lambda row: row.part.status),
    ("Bus", lambda row: row.part.bus),
    ("Pci", lambda row: row.part.pci),
    ("Driver", lambda row: row.part.driver),
    ("Model", lambda row: row.part.model),
    ("WWN", _wwn),
)

TAB = Tab(name="vHBA", rows=host_parts(lambda host: host.bus_adapters), columns=of_host(_COLUMNS))
