"""`checkmeter migrate`: our configuration out of vmware_exporter's."""

import os
from pathlib import Path

import click

from agent.cli.options import NamedPath, log_options
from agent.config import load
from agent.config.document import text_of
from agent.config.vmware_exporter_converted import Converted, convert
from agent.config.vmware_exporter_file import TheirSection, from_environment, from_text
from agent.errors import AgentError

_PRIVATE = 0o600
_AFTERWARDS = """\
In Prometheus: metrics_path: /metrics/vmware_exporter, and port 10272 instead of 9272; target and section stay.
Then: checkmeter config check --config.file={file} --connect"""


@click.command()
@click.argument("source", required=False, type=NamedPath(dir_okay=False, path_type=Path), metavar="[CONFIG_YML]")
@click.option("--from-environment", is_flag=True, help="Read the VSPHERE_ variables of this environment instead.")
@click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="HOST",
    help="A host that Prometheus names with ?target=, for a section that names none; may be repeated.",
)
@click.option(
    "--to",
    "target_file",
    type=NamedPath(dir_okay=False, path_type=Path),
    default=Path("checkmeter.yaml"),
    show_default=True,
    help="Where to write; password files are written beside it. Nothing that exists is overwritten.",
)
@click.option("--print", "to_screen", is_flag=True, help="Print the configuration and write no file.")
@log_options("warning")
def migrate(
    *, source: Path | None, from_environment: bool, targets: tuple[str, ...], target_file: Path, to_screen: bool
) -> None:
    """Convert vmware_exporter's configuration: CONFIG_YML is its config.yml, or a file of VSPHERE_ variables.

    Writes the configuration and a password file for each vCenter, which only you may read, and says what differs.
    Exit codes: 0 done, 1 a file exists or cannot be written, 2 wrong use, 78 a mistake in what is converted.
    """
    if (source is None) != from_environment:
        raise click.UsageError("name vmware_exporter's config.yml, or give --from-environment")
    sections, where = _read(source)
    converted = convert(sections, targets, where)
    if to_screen:
        click.echo(converted.yaml, nl=False)
    else:
        _write(converted, target_file)
    for line in converted.differences:
        click.echo(f"differs: {line}", err=to_screen)
    if not to_screen:
        for name in converted.missing_passwords:
            click.echo(f"to do: write the password into {target_file.parent / name} (chmod 600)")
        if not converted.missing_passwords:
            load(target_file)  # a mistake that was carried over is said with its line
        click.echo(_AFTERWARDS.format(file=target_file))


def _read(source: Path | None) -> tuple[tuple[TheirSection, ...], str]:
    if source is None:
        return from_environment(os.environ), "the environment"
    return from_text(text_of(source), str(source)), str(source)


def _write(converted: Converted, file: Path) -> None:
    """All files or none: what is in the way is found before the first is written."""
    files = {file: converted.yaml} | {file.parent / name: text for name, text in converted.passwords.items()}
    existing = [str(path) for path in files if path.exists() or path.is_symlink()]
    if existing:
        raise AgentError(f"{', '.join(existing)}: exists already", cure="name another --to, or --print")
    for path, text in files.items():
        mode = 0o644 if path == file else _PRIVATE
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
        click.echo(f"wrote {path}" if path == file else f"wrote {path}, which only you may read")
