"""What can go wrong while something is built, and running the programs that build."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import click

LIMIT_S = 600
"""No program that builds here takes longer; one that downloads may hang."""
PACKAGES = {"dpkg-deb": "dpkg", "git": "git"}


class NotBuilt(click.ClickException):
    """Nothing was built: one line says what is wrong and what to do."""


def run(
    program: str | Path, *arguments: str | Path, environment: Mapping[str, str] | None = None, cwd: Path | None = None
) -> str:
    """Run a program to its end and give what it wrote to its standard output.

    Raises:
        NotBuilt: it is not there, took too long, or failed; with the last line that it wrote.
    """
    if shutil.which(program) is None:
        package = PACKAGES.get(str(program))
        raise NotBuilt(f"{program} is not installed" + (f"; on Debian: apt-get install {package}" if package else ""))
    try:
        done = subprocess.run(  # noqa: S603 - fixed programs, arguments are paths and versions of ours
            [program, *arguments],
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NotBuilt(f"{Path(program).name} did not end within {LIMIT_S} s") from error
    if done.returncode:
        said = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        raise NotBuilt(
            f"{Path(program).name} {arguments[0] if arguments else ''} failed: {said[-1] if said else 'no word'}"
        )
    return done.stdout
