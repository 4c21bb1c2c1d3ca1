"""vSC_VMK: every VMkernel adapter of every host."""

from agent.model.host_network import VmkernelNic
from exporters.workbook.rows import HostPart, host_parts, of_host
from exporters.workbook.sheet import Columns, Tab, listed

_COLUMNS: Columns[HostPart[VmkernelNic]] = (
    ("Port Group", lambda row: row.part.portgroup),
    ("Device", lambda row: row.part.device),
    ("Mac Address", lambda row: row.part.mac),
    ("DHCP", lambda row: row.part.dhcp),
    ("IP Address", lambda row: row.part.ip_address),
    ("IP 6 Address", lambda row: listed(address.address for address in row.part.ipv6 or ()) or None),
    ("Subnet mask", lambda row: row.part.subnet_mask),
    ("Gateway", lambda row: row.host.gateway),
    ("IP 6 Gateway", lambda row: row.host.gateway_ipv6),
    ("MTU", lambda row: row.part.mtu),
)

TAB = Tab(name="vSC_VMK", rows=host_parts(lambda host: host.vmkernel_nics), columns=of_host(_COLUMNS))
