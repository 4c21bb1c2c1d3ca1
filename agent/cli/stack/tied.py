"""A command that ends with the process that started it, also where that one is killed and can end nothing itself.

Run as a program, it asks Linux for that and becomes the command. Elsewhere it only becomes the command.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

_SET_SIGNAL_OF_PARENTS_DEATH = 1
"""PR_SET_PDEATHSIG of prctl(2); it stands for what is executed next."""


def tied(command: Sequence[str]) -> list[str]:
    """`command`, for a child of this thread: when the thread ends, the command gets SIGTERM."""
    return [sys.executable, "-I", __file__, str(os.getpid()), *command]


def _become(parent: int, command: Sequence[str]) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_SIGNAL_OF_PARENTS_DEATH, int(signal.SIGTERM), 0, 0, 0)
        if os.getppid() != parent:
            return  # it ended before it was asked to tell
    os.execvp(command[0], list(command))  # noqa: S606 - no shell is wanted; the command is the caller's own


if __name__ == "__main__":
    _become(int(sys.argv[1]), sys.argv[2:])
