"""The command line: the only room that knows all others."""

import sys

from agent.cli.outcome import run


def main() -> None:
    """Entry point of `checkmeter` and of `python -m agent`."""
    sys.exit(run(sys.argv[1:]))
