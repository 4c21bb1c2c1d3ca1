"""`checkmeter ledger findings`: what the health checks found and for how long it stood."""

import json
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import click

from agent.cli.ledger_file import MOMENT, json_option, local_zone, opened, period, vcenter_option, zone_option
from agent.cli.ledger_selection import chosen_vcenters
from agent.cli.ledger_wording import both_clocks, length, utc
from agent.cli.options import log_options, storage_path
from agent.clock import SystemClock
from agent.ledger.findings import FindingPeriod, finding_periods


@click.command()
@storage_path
@click.option("--check", "checks", metavar="CHECK", multiple=True, help="Only this check; may be repeated.")
@click.option("--open", "only_open", is_flag=True, help="Only what still stands.")
@click.option("--since", type=MOMENT, help="What stood at or after this time: 2026-10-01, or 7d.  [default: 30d]")
@click.option("--until", type=MOMENT, help="What stood before this time.  [default: now]")
@vcenter_option
@zone_option
@json_option
@log_options("warning")
def findings(
    *,
    storage_path: Path,
    checks: tuple[str, ...],
    only_open: bool,
    since: datetime | timedelta | None,
    until: datetime | timedelta | None,
    vcenter: str | None,
    zone: tzinfo | None,
    as_json: bool,
) -> None:
    """List what the health checks found: when it began, how long it stood, or stands. Times are the agent's."""
    now = SystemClock().now()
    zone = zone or local_zone(now)
    start, end = period(since, until, now, zone)
    documents: list[dict[str, Any]] = []
    with opened(storage_path) as database, database.reading() as connection:
        for known in chosen_vcenters(connection, vcenter):
            for one in finding_periods(connection, known.seq, start, end):
                if (checks and one.check not in checks) or (only_open and one.closed is not None):
                    continue
                if as_json:
                    documents.append(_document(known.name, one))
                else:
                    click.echo(_line(one, now, zone))
    if as_json:
        click.echo(json.dumps(documents, ensure_ascii=False, indent=2))


def _line(one: FindingPeriod, now: datetime, zone: tzinfo) -> str:
    stood = length(((one.closed or now) - one.opened).total_seconds())
    ended = "" if one.closed else ", open"
    return f"{both_clocks(one.opened, zone)}  {stood}{ended}  {one.severity}  {one.check}  {one.object_name}: {one.message}"


def _document(vcenter: str, one: FindingPeriod) -> dict[str, Any]:
    return {
        "vcenter": vcenter,
        "check": one.check,
        "kind": one.kind,
        "object_id": one.object_id,
        "object": one.object_name,
        "part": one.part,
        "severity": one.severity,
        "message": one.message,
        "opened": utc(one.opened),
        "closed": utc(one.closed) if one.closed else None,
    }
