"""`checkmeter ledger outages`: every outage of a month, to the second, with what proves it."""

import json
import sys
from collections.abc import Iterator
from datetime import datetime, tzinfo
from pathlib import Path
from typing import NamedTuple

import click

from agent.cli.ledger_file import (
    MONTH,
    json_option,
    local_zone,
    month_of,
    opened,
    vcenter_option,
    vms_option,
    zone_option,
)
from agent.cli.ledger_selection import chosen_vcenters, chosen_vms
from agent.cli.ledger_wording import both_clocks, evidence_line, length, outage_json, outage_length, utc
from agent.cli.options import log_options, storage_path
from agent.clock import SystemClock
from agent.ledger.book import DATASTORE, HOST, VM, Account, Book
from agent.model.availability import Outage
from agent.model.availability_words import STATES, cause_words

_MANY = {VM: "VMs", HOST: "hosts", DATASTORE: "datastores"}


class Listed(NamedTuple):
    """One line of the list."""

    vcenter: str
    name: str
    outage: Outage


@click.command()
@storage_path
@click.option("--month", type=MONTH, help="Such as 2026-10, by local clocks.  [default: this month]")
@vms_option()
@click.option(
    "--kind",
    type=click.Choice((VM, HOST, DATASTORE)),
    default=VM,
    show_default=True,
    help="Of which objects; with --vm only VMs.",
)
@vcenter_option
@zone_option
@json_option
@log_options("warning")
def outages(
    *,
    storage_path: Path,
    month: tuple[int, int] | None,
    vms: tuple[str, ...],
    kind: str,
    vcenter: str | None,
    zone: tzinfo | None,
    as_json: bool,
) -> None:
    """List the outages of a month: begin, length, why, who, and the events that prove it.

    What nothing could tell is not listed as an outage: it is summed up at the end.
    """
    if vms and kind != VM:
        raise click.UsageError("--vm goes with --kind vm only")
    now = SystemClock().now()
    zone = zone or local_zone(now)
    local = now.astimezone(zone)
    start, end = month_of(month or (local.year, local.month), zone)
    listed: list[Listed] = []
    unknown: list[tuple[str, str, float]] = []
    covered: list[tuple[str, datetime | None]] = []
    with opened(storage_path) as database, database.reading() as connection:
        among = chosen_vcenters(connection, vcenter)
        chosen = chosen_vms(connection, among, vms, "--vm") if vms else None
        for known in among if chosen is None else chosen:
            only = None if chosen is None else chosen[known][1]
            book = Book(connection, known, start, end, only=only)
            covered.append((known.name, book.until))
            for account in _with_progress(book, kind, known.name):
                listed += [Listed(known.name, name, one) for name, one in account.outages]
                if account.unknown_s:
                    unknown.append((known.name, account.name, account.unknown_s))
    listed.sort(key=lambda one: (one.outage.start, one.name))
    if as_json:
        click.echo(json.dumps(_document(listed, unknown, covered, start, end), ensure_ascii=False, indent=2))
        return
    several = len(covered) > 1
    for one in listed:
        _print(one, zone, several=several)
    _print_end(listed, covered, start, end, zone)
    if unknown:
        total = length(sum(seconds for *_, seconds in unknown))
        why = "; `checkmeter ledger vm NAME` shows when and why" if kind == VM else ""
        click.echo(f"unknown: together {total}, of {len(unknown)} {_MANY[kind]}{why}")


def _with_progress(book: Book, kind: str, vcenter: str) -> Iterator[Account]:
    with click.progressbar(
        book.accounts(kind),
        length=book.count(kind),
        label=f"judging {vcenter}",
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
    ) as accounts:
        yield from accounts


def _print(listed: Listed, zone: tzinfo, *, several: bool) -> None:
    one = listed.outage
    where = f" ({listed.vcenter})" if several else ""
    why = cause_words(one.cause, one.who)
    click.echo(
        f"{both_clocks(one.start, zone)}  {listed.name}{where}  {STATES[one.state]}  {outage_length(one)}  {why}"
    )
    for piece in one.evidence:
        click.echo(f"    {evidence_line(piece, zone)}")


def _print_end(
    listed: list[Listed], covered: list[tuple[str, datetime | None]], start: datetime, end: datetime, zone: tzinfo
) -> None:
    count = "1 outage" if len(listed) == 1 else f"{len(listed)} outages"
    total = sum(one.outage.seconds for one in listed)
    click.echo(f"{count}, together {length(total)}, from {both_clocks(start, zone)} to {both_clocks(end, zone)}")
    for name, until in covered:
        if until is None:
            click.echo(f"{name}: no events were read yet")
        elif until < end:
            click.echo(f"{name}: events are read until {both_clocks(until, zone)}")


def _document(
    listed: list[Listed],
    unknown: list[tuple[str, str, float]],
    covered: list[tuple[str, datetime | None]],
    start: datetime,
    end: datetime,
) -> dict[str, object]:
    return {
        "from": utc(start),
        "to": utc(end),
        "unknown": [{"vcenter": where, "name": name, "seconds": seconds} for where, name, seconds in unknown],
        "events_read_until": {name: utc(until) if until else None for name, until in covered},
        "outages": [
            outage_json(one.outage, vcenter=one.vcenter, name=one.name, object_id=one.outage.object_id)
            for one in listed
        ],
    }
