"""Four numbers that say how large the estate is and how much of it is well."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from agent.dataclass import dataclass
from exporters.status_page.alarms import AlarmRow
from exporters.status_page.columns import NEARLY_FULL_RATIO
from exporters.status_page.datastores import DatastoreRow, space_used
from exporters.status_page.hosts import HostRow
from exporters.status_page.seen import Seen
from exporters.status_page.table import ABSENT, Level
from exporters.status_page.virtual_machines import VmRow, is_lost
from exporters.status_page.wording import counted

OVER_90 = "Datastores over 90\u00a0%"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """`value` large, `of` beside it, `note` below, linking to the table `anchor`."""

    label: str
    value: str
    of: str
    note: str
    level: Level
    anchor: str


def tiles(
    sources: Sequence[Seen],
    uncounted: int,
    *,
    hosts: Sequence[HostRow],
    vms: Sequence[VmRow],
    datastores: Sequence[DatastoreRow],
    alarms: Sequence[AlarmRow],
) -> tuple[Tile, ...]:
    """Of what is current; `uncounted` vCenters are not. En dashes, not zeros, where that is all of them."""
    if not sources:
        return tuple(replace(tile, value=ABSENT.text, of="", note="not known", level=Level.UNKNOWN) for tile in _EMPTY)
    counted_tiles = (_hosts(hosts), _vms(sources, vms), _datastores(datastores), _alarms(alarms))
    if not uncounted:
        return counted_tiles
    without = f"without {counted(uncounted, 'vCenter', 'vCenters')}"
    return tuple(
        replace(tile, note=f"{tile.note}, {without}", level=max(tile.level, Level.UNKNOWN)) for tile in counted_tiles
    )


def _hosts(rows: Sequence[HostRow]) -> Tile:
    states = Counter(row.host.connection_state for row in rows)
    maintenance = sum(row.host.in_maintenance_mode is True for row in rows)
    note = _notes(
        (states["notResponding"], "not responding"),
        (states["disconnected"], "disconnected"),
        (states[None], "in an unknown state"),
        (maintenance, "in maintenance"),
    )
    lost = states["notResponding"] + states["disconnected"]
    return Tile(
        label="Hosts connected",
        value=f"{states['connected']:,}",
        of=f"of {len(rows):,}",
        note=note or "none in maintenance",
        level=Level.BAD if lost else Level.UNKNOWN if states[None] else Level.OK,
        anchor="host",
    )


def _vms(sources: Sequence[Seen], rows: Sequence[VmRow]) -> Tile:
    lost = sum(is_lost(row.vm) for row in rows)
    states = Counter(row.vm.power_state for row in rows if not is_lost(row.vm))
    templates = sum(vm.template is True for source in sources for vm in source.inventory.vms.values())
    note = _notes(
        (lost, "not connected"),
        (states["poweredOff"], "off"),
        (states["suspended"], "suspended"),
        (states[None], "in an unknown state"),
        (templates, "templates besides" if templates > 1 else "template besides"),
    )
    return Tile(
        label="VMs on",
        value=f"{states['poweredOn']:,}",
        of=f"of {len(rows):,}",
        note=note or "none is off",
        level=Level.BAD if lost else Level.UNKNOWN if states[None] else Level.OK,
        anchor="vm",
    )


def _datastores(rows: Sequence[DatastoreRow]) -> Tile:
    used = [space_used(row.datastore) for row in rows]
    full = sum(space is not None and space.ratio > NEARLY_FULL_RATIO for space in used)
    lost = sum(row.datastore.accessible is False for row in rows)
    note = _notes((lost, "not accessible"), (used.count(None) - lost, "of unknown size"))
    level = Level.WARNING if full else Level.OK
    return Tile(
        label=OVER_90,
        value=f"{full:,}",
        of=f"of {len(rows):,}",
        note=note or "all accessible",
        level=Level.BAD if lost else level,
        anchor="datastore",
    )


def _alarms(rows: Sequence[AlarmRow]) -> Tile:
    states = Counter(row.alarm.status for row in rows)
    acknowledged = sum(row.alarm.acknowledged is True for row in rows)
    level = Level.WARNING if states["yellow"] else Level.OK
    return Tile(
        label="Red alarms",
        value=f"{states['red']:,}",
        of=f"and {counted(states['yellow'], 'yellow', 'yellow')}",
        note=f"{acknowledged:,} acknowledged" if rows else "none triggered",
        level=Level.BAD if states["red"] else level,
        anchor="alarm",
    )


def _notes(*counts: tuple[int, str]) -> str:
    return ", ".join(f"{count:,} {what}" for count, what in counts if count > 0)


_EMPTY = (_hosts(()), _vms((), ()), _datastores(()), _alarms(()))
"""The tiles by their labels."""
