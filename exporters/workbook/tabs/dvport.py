"""dvPort: every portgroup of every distributed switch."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from agent.model.network import DistributedVirtualPortgroup, FailureCriteria, ShapingPolicy
from exporters.workbook.shaping import shaping_columns
from exporters.workbook.sheet import Cell, Columns, Tab, listed
from exporters.workbook.source import Source


class _Row(NamedTuple):
    source: Source
    group: DistributedVirtualPortgroup


def _rows(source: Source) -> Iterable[_Row]:
    groups = source.inventory.portgroups.values()
    return (_Row(source, group) for group in sorted(groups, key=lambda one: (one.name or "", one.moid)))


def _failure(value: Callable[[FailureCriteria], Cell]) -> Callable[[_Row], Cell]:
    def cell(row: _Row) -> Cell:
        return value(row.group.failure_criteria) if row.group.failure_criteria is not None else None

    return cell


def _shaping_in(row: _Row) -> ShapingPolicy | None:
    return row.group.shaping_in


def _shaping_out(row: _Row) -> ShapingPolicy | None:
    return row.group.shaping_out


_COLUMNS: Columns[_Row] = (
    ("Port", lambda row: row.group.name),
    ("Switch", lambda row: row.source.inventory.named(row.group.switch)),
    ("Type", lambda row: row.group.kind),
    ("# Ports", lambda row: row.group.ports),
    ("VLAN", lambda row: row.group.vlan),
    ("Speed", _failure(lambda found: found.speed)),
    ("Full Duplex", _failure(lambda found: found.full_duplex)),
    ("Blocked", lambda row: row.group.blocked),
    ("Allow Promiscuous", lambda row: row.group.promiscuous),
    ("Mac Changes", lambda row: row.group.mac_changes),
    ("Active Uplink", lambda row: listed(row.group.active_uplinks)),
    ("Standby Uplink", lambda row: listed(row.group.standby_uplinks)),
    ("Policy", lambda row: row.group.teaming),
    ("Forged Transmits", lambda row: row.group.forged_transmits),
    *shaping_columns("In", _shaping_in),
    *shaping_columns("Out", _shaping_out),
    ("Reverse Policy", lambda row: row.group.reverse_policy),
    ("Notify Switch", lambda row: row.group.notify_switches),
    ("Rolling Order", lambda row: row.group.rolling_order),
    ("Check Beacon", _failure(lambda found: found.check_beacon)),
    ("Live Port Moving", lambda row: row.group.live_port_moving),
    ("Check Duplex", _failure(lambda found: found.check_duplex)),
    ("Check Error %", _failure(lambda found: found.check_error_percent)),
    ("Check Speed", _failure(lambda found: found.check_speed)),
    ("Percentage", _failure(lambda found: found.percentage)),
    ("Block Override", lambda row: row.group.block_override),
    ("Config Reset", lambda row: row.group.config_reset),
    ("Shaping Override", lambda row: row.group.shaping_override),
    ("Vendor Config Override", lambda row: row.group.vendor_override),
    ("Sec. Policy Override", lambda row: row.group.security_override),
    ("Teaming Override", lambda row: row.group.teaming_override),
    ("Vlan Override", lambda row: row.group.vlan_override),
    ("Object ID", lambda row: row.group.moid),
    ("VI SDK Server", lambda row: row.source.server),
    ("VI SDK UUID", lambda row: row.source.uuid),
)

TAB = Tab(name="dvPort", rows=_rows, columns=_COLUMNS)
