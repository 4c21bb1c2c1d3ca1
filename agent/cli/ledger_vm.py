"""`checkmeter ledger vm`: one VM's time, piece by piece, with what proves each."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import click

from agent.cli.ledger_file import MOMENT, json_option, local_zone, opened, period, vcenter_option, zone_option
from agent.cli.ledger_selection import chosen_vcenters, chosen_vms
from agent.cli.ledger_wording import (
    both_clocks,
    contradiction_line,
    evidence_line,
    interval_json,
    length,
    outage_json,
    utc,
)
from agent.cli.options import log_options, storage_path
from agent.clock import SystemClock
from agent.ledger.book import Book, listed, seconds_in
from agent.model.availability import VM_STATES, Interval, Ledger, Moment
from agent.model.availability_words import CAUSES, STATES, cause_words


@click.command()
@click.argument("name")
@storage_path
@click.option(
    "--since", type=MOMENT, help="From when on: 2026-10-01, 2026-10-01T14:30, or 7d for so long ago.  [default: 30d]"
)
@click.option("--until", type=MOMENT, help="Up to when.  [default: now]")
@vcenter_option
@zone_option
@json_option
@log_options("warning")
def vm(
    *,
    name: str,
    storage_path: Path,
    since: datetime | timedelta | None,
    until: datetime | timedelta | None,
    vcenter: str | None,
    zone: tzinfo | None,
    as_json: bool,
) -> None:
    """Print the timeline of the VM called NAME: each state, since when, how long, why, who, and the evidence.

    NAME is what the VM is or was called, its vm_id, or its managed object id. Times are local and, in brackets, UTC.
    """
    now = SystemClock().now()
    zone = zone or local_zone(now)
    start, end = period(since, until, now, zone)
    documents: list[dict[str, Any]] = []
    with opened(storage_path) as database, database.reading() as connection:
        chosen = chosen_vms(connection, chosen_vcenters(connection, vcenter), [name], "NAME")
        for known, (_, vm_ids) in chosen.items():
            book = Book(connection, known, start, end, only=vm_ids)
            found = dict(book.ledgers())
            for vm_id in vm_ids:
                ledger = found.get(vm_id)
                if as_json:
                    documents.append(_document(known.name, book, vm_id, ledger))
                else:
                    _print(known.name, book, vm_id, ledger, zone)
    if as_json:
        click.echo(json.dumps(documents, ensure_ascii=False, indent=2))


def _print(vcenter: str, book: Book, vm_id: str, ledger: Ledger | None, zone: tzinfo) -> None:
    click.echo(f"{book.register.name(vm_id)}  {vm_id}  in {vcenter}")
    if book.until is None or ledger is None:
        click.echo("  no events were read yet" if book.until is None else "  nothing is known of this time")
        return
    for one in _in_order(ledger):
        click.echo(f"  {both_clocks(one.start if isinstance(one, Interval) else one.at, zone)}  {_what(one)}")
        for piece in one.evidence:
            click.echo(f"      {evidence_line(piece, zone)}")
    click.echo(f"  {both_clocks(ledger.end, zone)}  end; events are read until {both_clocks(book.until, zone)}")
    for contradiction in ledger.contradictions:
        click.echo(f"  contradiction: {contradiction_line(contradiction, zone)}")
    sums = {state: seconds_in(ledger, {state}, ledger.start, ledger.end) for state in VM_STATES}
    click.echo(f"  {', '.join(f'{STATES[state]} {length(seconds)}' for state, seconds in sums.items() if seconds)}")


def _in_order(ledger: Ledger) -> Iterable[Interval | Moment]:
    both: list[Interval | Moment] = [*ledger.intervals, *ledger.moments]
    return sorted(both, key=lambda one: one.start if isinstance(one, Interval) else one.at)


def _what(one: Interval | Moment) -> str:
    if isinstance(one, Moment):
        return f"{CAUSES[one.cause]}{f' by {one.who}' if one.who else ''}"
    why = cause_words(one.cause, one.who)
    return f"{STATES[one.state]} for {length(one.seconds)}{f': {why}' if why else ''}"


def _document(vcenter: str, book: Book, vm_id: str, ledger: Ledger | None) -> dict[str, Any]:
    return {
        "vcenter": vcenter,
        "vm_id": vm_id,
        "name": book.register.name(vm_id),
        "events_read_until": utc(book.until) if book.until else None,
        "intervals": [interval_json(one) for one in ledger.intervals] if ledger else [],
        "outages": [outage_json(one) for one in listed(ledger)] if ledger else [],
        "contradictions": [
            {"start": utc(one.start), "end": utc(one.end), "before": one.before, "after": one.after}
            for one in (ledger.contradictions if ledger else ())
        ],
    }
