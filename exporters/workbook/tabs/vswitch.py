"""vSwitch: every standard switch of every host."""

from agent.model.host_network import NetworkPolicy, VirtualSwitch
from exporters.workbook.policy import policy_columns
from exporters.workbook.rows import HostPart, host_parts, of_host
from exporters.workbook.sheet import Columns, Tab


def _policy(row: HostPart[VirtualSwitch]) -> NetworkPolicy | None:
    return row.part.policy


_COLUMNS: Columns[HostPart[VirtualSwitch]] = (
    ("Switch", lambda row: row.part.name),
    ("# Ports", lambda row: row.part.ports),
    ("Free Ports", lambda row: row.part.free_ports),
    *policy_columns(_policy),
    ("MTU", lambda row: row.part.mtu),
)

TAB = Tab(name="vSwitch", rows=host_parts(lambda host: host.virtual_switches), columns=of_host(_COLUMNS))
