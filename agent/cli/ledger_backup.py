"""`checkmeter ledger backup`: a whole copy, taken while the agent runs."""

from pathlib import Path

import click

from agent.cli.ledger_file import opened
from agent.cli.options import NamedPath, log_options, storage_path


@click.command()
@click.argument("file", type=NamedPath(dir_okay=False, path_type=Path))
@storage_path
@log_options("warning")
def backup(file: Path, storage_path: Path) -> None:
    """Write a copy of the database to FILE, which must not exist yet; the agent may go on writing.

    To use it, stop the agent and put the copy in the place of its database.
    """
    with opened(storage_path) as database:
        database.backup(file)
    click.echo(f"{file}: {file.stat().st_size:,} bytes")
