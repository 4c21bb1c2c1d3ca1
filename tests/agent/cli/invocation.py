"""Commands as a user runs them: the real program in a process of its own."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
LIMIT_S = 60
PASSWORD = "correct-horse"  # noqa: S105 - opens a vCenter that is made up


def environment(**extra: str) -> dict[str, str]:
    """Ours without what would change how a command behaves."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("CHECKMETER_", "NOTIFY", "JOURNAL"))
    }
    return {**kept, "PYTHONPATH": str(ROOT), **extra}


def checkmeter(*arguments: str | Path, cwd: Path = ROOT, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    with tempfile.TemporaryDirectory() as state:
        return subprocess.run(
            [sys.executable, "-m", "agent", *arguments],
            cwd=cwd,
            env=environment(**{"STATE_DIRECTORY": state, **extra}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )


class Running:
    """A command that runs on; what it writes is collected as it comes."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines: list[str] = []
        self._came = threading.Condition()
        self._reader = threading.Thread(target=self._collect, daemon=True)
        self._reader.start()

    @property
    def output(self) -> str:
        with self._came:
            return "".join(self._lines)

    def wait_for(self, text: str) -> str:
        """All that it wrote, once `text` is among it; fails when it ended or took too long."""
        deadline = time.monotonic() + LIMIT_S
        with self._came:
            while text not in "".join(self._lines):
                assert self._reader.is_alive(), f"it ended without {text!r}: {''.join(self._lines)}"
                assert self._came.wait(max(0.0, deadline - time.monotonic())), f"no {text!r} in {''.join(self._lines)}"
            return "".join(self._lines)

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and give the exit code."""
        self.process.send_signal(number)
        self.collected()
        return self.process.returncode

    def collected(self) -> None:
        """Wait until all that the ended process wrote is here."""
        self.process.wait(LIMIT_S)
        self._reader.join(LIMIT_S)

    def _collect(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._came:
                self._lines.append(line)
                self._came.notify_all()
        with self._came:
            self._came.notify_all()


@contextlib.contextmanager
def running(*arguments: str | Path, **extra: str) -> Iterator[Running]:
    """A command in the background, ended with the block."""
    with (
        tempfile.TemporaryDirectory() as state,
        subprocess.Popen(
            [sys.executable, "-m", "agent", *arguments],
            cwd=ROOT,
            env=environment(**{"PYTHONUNBUFFERED": "1", "STATE_DIRECTORY": state, **extra}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        started = Running(process)
        try:
            yield started
        finally:
            if process.poll() is None:
                process.kill()
            started.collected()
