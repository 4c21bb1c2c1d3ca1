"""vNIC: every physical network card of every host; Mbit/s."""

from agent.model.host_network import PhysicalNic, ProxySwitch, VirtualSwitch
from exporters.workbook.rows import HostPart, host_parts, of_host
from exporters.workbook.sheet import Cell, Columns, Tab


def _switch(row: HostPart[PhysicalNic]) -> Cell:
    """The switch that has the card as an uplink."""
    switches: list[VirtualSwitch | ProxySwitch] = [*(row.host.virtual_switches or ()), *(row.host.proxy_switches or ())]
    return next((one.name for one in switches if row.part.key in (one.physical_nics or ())), None)


_COLUMNS: Columns[HostPart[PhysicalNic]] = (
    ("Network Device", lambda row: row.part.device),
    ("Driver", lambda row: row.part.driver),
    ("Speed", lambda row: row.part.speed_mbit),
    ("Duplex", lambda row: row.part.duplex),
    ("MAC", lambda row: row.part.mac),
    ("Switch", _switch),
    ("PCI", lambda row: row.part.pci),
    ("WakeOn", lambda row: row.part.wake_on_lan),
)

TAB = Tab(
    name="vNIC",
    rows=host_parts(lambda host: host.physical_nics),
    columns=of_host(_COLUMNS),
    absent={"Uplink port": "not read: the port keys of distributed switches change with every reconnect"},
)
