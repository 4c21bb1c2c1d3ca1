"""dvSwitch: every distributed switch; shaping in bit/s and bytes."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from agent.model.network import DistributedVirtualSwitch, LacpGroup, ShapingPolicy
from exporters.workbook.shaping import shaping_columns
from exporters.workbook.sheet import Cell, Columns, Tab, listed
from exporters.workbook.source import Source


class _Row(NamedTuple):
    source: Source
    switch: DistributedVirtualSwitch


def _rows(source: Source) -> Iterable[_Row]:
    switches = source.inventory.switches.values()
    return (_Row(source, switch) for switch in sorted(switches, key=lambda one: (one.name or "", one.moid)))


def _lacp(value: Callable[[LacpGroup], str | None]) -> Callable[[_Row], Cell]:
    return lambda row: listed(value(group) for group in row.switch.lacp_groups or ()) or None


def _members(row: _Row) -> Cell:
    if row.switch.hosts is None:
        return None
    return listed(sorted(row.source.inventory.named(host) or host for host in row.switch.hosts))


def _shaping_in(row: _Row) -> ShapingPolicy | None:
    return row.switch.shaping_in


def _shaping_out(row: _Row) -> ShapingPolicy | None:
    return row.switch.shaping_out


_COLUMNS: Columns[_Row] = (
    ("Switch", lambda row: row.switch.name),
    ("Datacenter", lambda row: row.source.datacenter(row.switch.moid)),
    ("Name", lambda row: row.switch.name),
    ("Vendor", lambda row: row.switch.vendor),
    ("Version", lambda row: row.switch.version),
    ("Description", lambda row: row.switch.description),
    ("Created", lambda row: row.switch.created),
    ("Host members", _members),
    ("Max Ports", lambda row: row.switch.max_ports),
    ("# Ports", lambda row: row.switch.ports),
    ("# VMs", lambda row: None if row.switch.vms is None else len(row.switch.vms)),
    *shaping_columns("In", _shaping_in),
    *shaping_columns("Out", _shaping_out),
    ("CDP Type", lambda row: row.switch.discovery_protocol),
    ("CDP Operation", lambda row: row.switch.discovery_operation),
    ("LACP Name", _lacp(lambda group: group.name)),
    ("LACP Mode", _lacp(lambda group: group.mode)),
    ("LACP Load Balance Alg.", _lacp(lambda group: group.load_balancing)),
    ("Max MTU", lambda row: row.switch.max_mtu),
    ("Contact", lambda row: row.switch.contact),
    ("Admin Name", lambda row: row.switch.contact_name),
    ("Object ID", lambda row: row.switch.moid),
    ("VI SDK Server", lambda row: row.source.server),
    ("VI SDK UUID", lambda row: row.source.uuid),
)

TAB = Tab(name="dvSwitch", rows=_rows, columns=_COLUMNS)
