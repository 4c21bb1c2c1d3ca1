"""Where the inventory is written to."""

import os
import sys
import tempfile
from pathlib import Path

import click

from exporters.workbook.downloads import Download


def write_output(file: Download, output: Path | None) -> None:
    """To standard output for `-`, else to the file, which is replaced whole or not at all."""
    if output is not None and str(output) == "-":
        sys.stdout.buffer.write(file.body)
        sys.stdout.buffer.flush()
        return
    path = output if output is not None else Path(file.name)
    if path.is_dir():
        path /= file.name
    # beside its place, so that it can take that place in one step; readable by whom the umask lets
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as partial:
            partial.write(file.body)
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    click.echo(f"{path}: {len(file.body):,} bytes")


def _umask() -> int:
    """The process' umask, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
