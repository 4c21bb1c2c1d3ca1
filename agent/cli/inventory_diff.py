"""`checkmeter inventory diff`: what became of the inventory between two days, and who did it."""

import json
from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any

import click

from agent.cli.days import DAY, end_of
from agent.cli.inventory_past import nothing_kept
from agent.cli.ledger_file import json_option, local_zone, opened, vcenter_option, zone_option
from agent.cli.ledger_selection import chosen_vcenters
from agent.cli.ledger_wording import both_clocks, utc
from agent.cli.options import log_options, storage_path
from agent.clock import SystemClock
from agent.ledger.database import Connection
from agent.ledger.event_search import Wanted, find_events
from agent.ledger.fact_book import inventory_at
from agent.ledger.recorded import Known
from agent.model.change_authors import authors, events_of, telling_kinds
from agent.model.event import Event
from agent.model.inventory_changes import InventoryChange, inventory_changes

_Told = tuple[InventoryChange, tuple[Event, ...]]


@click.command()
@click.argument("first", type=DAY, metavar="DAY")
@click.argument("second", type=DAY, metavar="DAY")
@storage_path
@vcenter_option
@zone_option
@json_option
@log_options("warning")
def diff(
    *,
    first: date,
    second: date,
    storage_path: Path,
    vcenter: str | None,
    zone: tzinfo | None,
    as_json: bool,
) -> None:
    """Say what was added, removed, renamed, resized and moved from the end of one day to the end of another, and by whom.

    Both days are by local clocks and must be ones that the agent was running on, or after one that it was. Who did it is
    what vCenter's events say; where none tells, that is said.
    """
    if first >= second:
        raise click.BadParameter(f"{first} is not before {second}", param_hint="DAY")
    now = SystemClock().now()
    zone = zone or local_zone(now)
    start, end = end_of(first, zone, now), end_of(second, zone, now)
    found: list[tuple[Known, list[_Told]]] = []
    with opened(storage_path) as database, database.reading() as connection:
        for known in chosen_vcenters(connection, vcenter):
            before, after = (inventory_at(connection, known.seq, at) for at in (start, end))
            if before is None or after is None:
                raise nothing_kept(connection, known, first)
            events = _events(connection, known.seq, start, end)
            changes = inventory_changes(before, after)
            found.append((known, [(change, events_of(change, events)) for change in changes]))
    if as_json:
        click.echo(json.dumps(_document(found, start, end), ensure_ascii=False, indent=2))
        return
    for known, told in found:
        counted = f"{len(told)} {'change' if len(told) == 1 else 'changes'}"
        click.echo(f"{known.name}: {counted} from {both_clocks(start, zone)} to {both_clocks(end, zone)}")
        for change, telling in told:
            click.echo(f"  {_line(change, telling, zone)}")


def _events(connection: Connection, vcenter: int, start: datetime, end: datetime) -> list[Event]:
    wanted = Wanted(kinds=sorted(telling_kinds()), since=start, until=end)
    return [recorded.event for recorded in find_events(connection, vcenter, wanted)]


def _line(change: InventoryChange, events: Sequence[Event], zone: tzinfo) -> str:
    unit = f" {change.unit}" if change.unit else ""
    what = (
        f": {change.what} {_value(change, change.before)} -> {_value(change, change.after)}{unit}"
        if change.what
        else ""
    )
    return f"{change.difference:<8} {change.kind} {change.name}{what}; {_who(events, zone)}"


def _who(events: Sequence[Event], zone: tzinfo) -> str:
    if not events:
        return "no event tells who"
    last = events[-1]
    names = ", ".join(authors(events)) or "no user"
    more = f" and {len(events) - 1} more" if len(events) > 1 else ""
    return f"by {names} ({last.kind} {last.key} at {both_clocks(last.created, zone)}{more})"


def _value(change: InventoryChange, value: str | int | None) -> str:
    """An empty text is the top of the folders and pools, and no tag at all."""
    if value == "":
        return "(none)" if change.what in {"tags", "datastores"} else "(top)"
    return str(value)


def _document(found: list[tuple[Known, list[_Told]]], start: datetime, end: datetime) -> dict[str, Any]:
    changes = [
        {
            "vcenter": known.name,
            "difference": change.difference.value,
            "kind": change.kind,
            "object_id": change.object_id,
            "name": change.name,
            "what": change.what or None,
            "before": change.before,
            "after": change.after,
            "unit": change.unit or None,
            "by": list(authors(events)),
            "events": [{"key": one.key, "kind": one.kind, "at": utc(one.created), "user": one.user} for one in events],
        }
        for known, told in found
        for change, events in told
    ]
    return {"from": utc(start), "to": utc(end), "changes": changes}
