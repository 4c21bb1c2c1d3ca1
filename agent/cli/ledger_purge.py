"""`checkmeter ledger purge`: take out what is personal of times long past."""

from datetime import UTC, date, datetime, tzinfo
from pathlib import Path

import click

from agent.cli.days import DAY
from agent.cli.ledger_file import local_zone, opened, zone_option
from agent.cli.options import log_options, storage_path
from agent.clock import SystemClock
from agent.errors import AgentError
from agent.ledger.merged import origins
from agent.ledger.purge import Due, due
from agent.ledger.purge import purge as take_out

_WORDS = {
    "events": "events: messages, addresses and other fields, and who did what is no outage",
    "undecodable_events": "events that cannot be read: why not",
    "findings": "findings of health checks: their sentences",
    "fact_texts": "what objects were like: annotations, snapshots' names, guests' addresses",
}


@click.command()
@click.option("--before", type=DAY, required=True, help="What happened, or ceased to be so, before this day began.")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@storage_path
@zone_option
@log_options("warning")
def purge(*, before: date, dry_run: bool, storage_path: Path, zone: tzinfo | None) -> None:
    """Take out of the ledger for good what is personal of before a day. The agent may go on writing.

    Outages stay as they are, with who switched a machine off; so do sizes and findings. `ledger verify` goes on proving all
    that stays. Backups are files of their own: delete those from before.
    """
    now = SystemClock().now()
    zone = zone or local_zone(now)
    until = datetime(before.year, before.month, before.day, tzinfo=zone).astimezone(UTC)
    if until > now:
        raise click.BadParameter(f"{before} is yet to come", param_hint="--before")
    with opened(storage_path) as database:
        with database.reading() as connection:
            if origins(connection):
                raise AgentError(
                    "nothing is taken out of a merged ledger",
                    cure="purge the ledgers that it was made from, merge them again, and delete this one",
                )
            found = due(connection, until)
        _print(found, before)
        if not dry_run:
            done = 0
            for done in take_out(database, found, until, now):  # noqa: B007 - only the last counts
                pass
            click.echo(f"taken out: {done:,} rows")


def _print(found: Due, before: date) -> None:
    click.echo(f"personal data of before {before}: {found.count:,} rows")
    for table, rows in found.rows.items():
        if rows:
            click.echo(f"  {len(rows):,}  {_WORDS[table]}")
    if found.unsealed:
        click.echo(
            f"  {found.unsealed:,} rows more stay: an earlier version wrote them in a form that nothing can be taken from"
        )
