"""`checkmeter ledger export`: the rows for others to keep and to check."""

import sys
from pathlib import Path

import click

from agent.cli.ledger_file import opened
from agent.cli.options import log_options, storage_path
from agent.ledger.export import TABLES, json_lines, write_csv


@click.command()
@storage_path
@click.option(
    "--format",
    "form",
    type=click.Choice(("jsonl", "csv")),
    default="jsonl",
    show_default=True,
    help="jsonl: every row of every table with its hash, one JSON object a line. csv: one table.",
)
@click.option("--table", type=click.Choice(TABLES), default="events", show_default=True, help="Which table, for csv.")
@log_options("warning")
def export(storage_path: Path, form: str, table: str) -> None:
    """Print the ledger's rows, UTF-8. docs/operations.md says how their hashes are made."""
    with opened(storage_path) as database, database.reading() as connection:
        if form == "csv":
            write_csv(connection, table, sys.stdout)
            return
        total = connection.execute("SELECT seq FROM chain_head").fetchone()[0]
        # what goes to a terminal shows by itself that it goes on
        hidden = sys.stdout.isatty() or not sys.stderr.isatty()
        with click.progressbar(
            json_lines(connection), length=total + 1, label="exporting", file=sys.stderr, hidden=hidden
        ) as lines:
            for line in lines:
                sys.stdout.write(f"{line}\n")
