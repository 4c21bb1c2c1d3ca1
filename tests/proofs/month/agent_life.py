"""The agent as a process of its own that is started, killed and started again over the same ledger."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from agent.cli.options import DATABASE
from tests.agent.cli.invocation import LIMIT_S, ROOT, environment
from tests.proofs.month.story_clock import StoryTime

_LISTENING = re.compile(r"msg=listening .*addresses=([\d.]+:\d+)")
_BUG = re.compile(r"^.*(?:level=critical|a bug in|a thread ended|Traceback).*$", re.MULTILINE)
_STUCK = re.compile(r"^.*msg=\"no progress.*$", re.MULTILINE)
_PATIENCE_S = 900
"""A part of the agent that does nothing for longer is called stuck; on a coarser grid than that all would be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What Linux says of the running agent."""

    memory_mb: float
    """resident"""
    files: int
    threads: int
    cpu_s: float


class AgentLife:
    """One after another; the log of all lives is one file."""

    def __init__(self, time: StoryTime, folder: Path, *, grain: float) -> None:
        self._time, self._folder, self._grain = time, folder, grain
        self.state = folder / "state"
        self.log = folder / "agent.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.version = "1.0.0"
        self.since = 0.0
        self.starts = 0
        self.cpu_s = 0.0
        self._log_begin = 0

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process is not None else None

    @property
    def database(self) -> Path:
        return self.state / DATABASE

    def start(self) -> None:
        assert self.process is None
        listening = self._time.agent_begins()
        arguments = (
            *("--time", self._time.file, "--wake", str(listening), "--begin", self._time.begin.isoformat()),
            *("--grain", str(self._grain), "--version", self.version),
            *("--config", self._folder / "checkmeter.yaml", "--storage", self.state),
        )
        self._log_begin = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.proofs.month.launcher", *arguments],
                cwd=ROOT,
                env=environment(PYTHONUNBUFFERED="1"),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(listening,),
            )
        os.close(listening)
        self.since, self.starts = self._time.passed, self.starts + 1

    def end(self, number: signal.Signals) -> int:
        """Send a signal, and give the exit code."""
        assert self.process is not None
        self.cpu_s += self._cpu_s()
        self.process.send_signal(number)
        code = self.process.wait(LIMIT_S)
        self._time.agent_ended()
        self.process = None
        return code

    def close(self) -> None:
        """At the end of everything, also of a failed one."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
            self.process.wait(LIMIT_S)
            self.process = None

    def weight(self) -> Weight:
        status = Path(f"/proc/{self.pid}/status").read_text()
        memory, threads = re.search(r"VmRSS:\s+(\d+) kB", status), re.search(r"Threads:\s+(\d+)", status)
        assert memory is not None
        assert threads is not None
        return Weight(
            memory_mb=int(memory[1]) * 1024 / 1e6,
            files=sum(1 for _ in Path(f"/proc/{self.pid}/fd").iterdir()),
            threads=int(threads[1]),
            cpu_s=self._cpu_s(),
        )

    def ledger_bytes(self) -> int:
        """The database with its write-ahead log."""
        return sum(one.stat().st_size for one in self.state.glob(f"{DATABASE}*"))

    def get(self, path: str) -> str:
        with self.log.open() as log:
            log.seek(self._log_begin)
            found = _LISTENING.search(log.read())
        assert found is not None, "the agent does not listen"
        with urllib.request.urlopen(f"http://{found[1]}{path}", timeout=LIMIT_S) as answer:
            return answer.read().decode()

    def bugs(self) -> list[str]:
        """Lines of the log that no life may write."""
        text = self.log.read_text()
        return [*_BUG.findall(text), *(_STUCK.findall(text) if self._grain < _PATIENCE_S else [])]

    def _cpu_s(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
