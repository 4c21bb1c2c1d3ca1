"""`checkmeter claims init`: a contract to begin with, made from what vCenter has."""

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from agent.claims.starter import starter
from agent.cli.claims_inventory import seen_now
from agent.cli.ledger_file import local_zone
from agent.cli.options import NamedPath, config_file, log_options
from agent.clock import SystemClock
from agent.errors import AgentError


@click.command()
@click.argument("file", type=NamedPath(dir_okay=False, path_type=Path), required=False)
@config_file
@log_options("warning")
def init(file: Path | None, config_file: Path) -> None:
    """Write a commented contract to begin with, from what the configured vCenters have, to FILE or standard output.

    Every value in it is a guess to be replaced by what was agreed. A file that is there already is left alone.
    """
    if file is not None and file.exists():
        raise AgentError(f"{file}: is there already", cure="name another file, or none to see it first")
    clock = SystemClock()
    zone = local_zone(clock.now())
    name = zone.key if isinstance(zone, ZoneInfo) else "UTC"
    text = starter(seen_now(config_file, clock), clock.now().astimezone(zone).date(), name)
    if file is None:
        click.echo(text, nl=False)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    click.echo(f"{file}: written; say what was agreed in it, then `checkmeter claims check {file.parent}`")
