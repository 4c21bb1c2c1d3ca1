"""`checkmeter dashboards export`: dashboards, rules and samples, written where you want them."""

from pathlib import Path

import click

from agent.cli.options import NamedPath, log_options
from agent.cli.stack.files import export as write


@click.command()
@click.argument("folder", metavar="DIR", type=NamedPath(file_okay=False, path_type=Path))
@click.option("--overwrite", is_flag=True, help="Also over files that were changed.")
@log_options("warning")
def export(folder: Path, overwrite: bool) -> None:
    """Write all dashboards, rules, runbooks, samples and the compose file of this version into DIR.

    Files that are there and differ are not touched, and then nothing is written, unless --overwrite is given.
    """
    count = write(folder, overwrite=overwrite)
    click.echo(f"{count} files in {folder}; {folder}/README.md says what goes where")
