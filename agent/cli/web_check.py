"""`checkmeter web check`: every mistake in a web configuration file."""

from pathlib import Path

import click

from agent.cli.options import NamedPath
from agent.config.web import load_web
from exporters.web_protection import protection


@click.command()
@click.argument("file", type=NamedPath(path_type=Path))
def check(file: Path) -> None:
    """Say every mistake in the web configuration FILE, one line each; exit code 78 if there is one."""
    found = protection(load_web(file))
    tls = "TLS" if found.tls is not None else "no TLS"
    who = "a login is needed" if found.asks_who else "no login"
    click.echo(f"{file}: correct; {tls}, {who}")
