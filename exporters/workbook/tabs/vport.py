"""vPort: every portgroup of every standard switch, with the policy in force."""

from agent.model.host_network import NetworkPolicy, PortGroup
from exporters.workbook.policy import policy_columns
from exporters.workbook.rows import HostPart, host_parts, of_host
from exporters.workbook.sheet import Columns, Tab


def _policy(row: HostPart[PortGroup]) -> NetworkPolicy | None:
    return row.part.policy


_COLUMNS: Columns[HostPart[PortGroup]] = (
    ("Port Group", lambda row: row.part.name),
    ("Switch", lambda row: row.part.switch),
    ("VLAN", lambda row: row.part.vlan),
    *policy_columns(_policy),
)

TAB = Tab(name="vPort", rows=host_parts(lambda host: host.portgroups), columns=of_host(_COLUMNS))
