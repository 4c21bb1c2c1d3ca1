"""The command line: the only room that knows all others."""

import sys

from agent.cli.garbage import OBJECTS_OF_A_START, search_rarely
from agent.cli.outcome import run


def main() -> None:
    """Entry point of `checkmeter` and of `python -m agent`."""
    search_rarely(OBJECTS_OF_A_START)
    sys.exit(run(sys.argv[1:]))
