"""Prometheus and Alertmanager of this machine, run on the shipped files: only addresses, and the pace, are put in."""

import contextlib
import re
import shutil
import socket
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from agent.cli.stack.files import export
from agent.cli.stack.tied import tied
from agent.clock import Clock
from agent.dataclass import dataclass
from agent.errors import AgentError

# What the samples call them.
AGENT, PROMETHEUS, ALERTMANAGER, RECEIVER = "127.0.0.1:10272", "127.0.0.1:9090", "127.0.0.1:9093", "127.0.0.1:9095"
START_S = 30.0
END_S = 10.0
RESEND_S = 60
"""Prometheus' own default: how soon it repeats to Alertmanager what fires."""
DURATIONS = "for|keep_firing_for|group_wait|group_interval|repeat_interval|scrape_interval|evaluation_interval"
UNITS_MS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
PACKAGES = {"prometheus": "prometheus", "prometheus-alertmanager": "prometheus-alertmanager"}
"""Command -> Debian package."""


@dataclass(frozen=True, slots=True)
class Stack:
    """Where they answer, `host:port`; None for what this machine lacks."""

    prometheus: str | None
    alertmanager: str | None


class ServerEnded(AgentError):
    """Prometheus or Alertmanager ended at its start, or did not come up: exit 1."""


def missing() -> Sequence[str]:
    """Debian packages of what is not installed here."""
    return [package for command, package in PACKAGES.items() if shutil.which(command) is None]


def paced(text: str, pace: float) -> str:
    """A configuration or rules with every waiting time divided by `pace`; ranges within expressions stay."""

    def faster(match: re.Match[str]) -> str:
        return f"{match[1]}{max(1, round(int(match[2]) * UNITS_MS[match[3]] / pace))}ms"

    return re.sub(rf"(\b(?:{DURATIONS}): )(\d+)(ms|s|m|h|d)\b", faster, text)


@contextlib.contextmanager
def stack(folder: Path, agent: str, receiver: str, clock: Clock, *, pace: float = 1) -> Iterator[Stack]:
    """Both, scraping the agent and posting to the receiver, until the block is left. What is not installed is left out.

    `folder` gets their files, data and logs; `pace` 30 makes them wait a thirtieth.

    Raises:
        ServerEnded: one of them does not come up.
        OSError: the folder cannot be written.
    """
    export(folder)
    places = {AGENT: agent, RECEIVER: receiver}
    for usual in (PROMETHEUS, ALERTMANAGER):
        places[usual] = f"127.0.0.1:{_port(int(usual.rpartition(':')[2]))}"
    for file in (
        *folder.glob("prometheus/*.yml"),
        *folder.glob("prometheus/rules/*.yml"),
        *folder.glob("alertmanager/*.yml"),
    ):
        text = file.read_text(encoding="utf-8")
        for usual, actual in places.items():
            text = text.replace(usual, actual)
        file.write_text(paced(text, pace) if pace != 1 else text, encoding="utf-8")
    alertmanager, prometheus = places[ALERTMANAGER], places[PROMETHEUS]
    with contextlib.ExitStack() as running:
        up: dict[str, str] = {}
        for command, at, arguments in (
            (
                "prometheus-alertmanager",
                alertmanager,
                (f"--config.file={folder}/alertmanager/alertmanager.yml", "--cluster.listen-address="),
            ),
            (
                "prometheus",
                prometheus,
                (
                    f"--config.file={folder}/prometheus/prometheus.yml",
                    f"--rules.alert.resend-delay={max(1, round(RESEND_S / pace))}s",
                ),
            ),
        ):
            if shutil.which(command) is not None:
                data = f"--storage.{'tsdb.' if command == 'prometheus' else ''}path={folder}/data/{command}"
                running.enter_context(
                    _server((command, *arguments, data, f"--web.listen-address={at}"), at, folder, clock)
                )
                up[command] = at
        yield Stack(up.get("prometheus"), up.get("prometheus-alertmanager"))


@contextlib.contextmanager
def _server(command: Sequence[str], at: str, folder: Path, clock: Clock) -> Iterator[None]:
    log = folder / f"{command[0]}.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(  # noqa: S603 - fixed commands, no shell, arguments of our own making
            tied(command), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        ) as process,
    ):
        try:
            _wait_until_ready(at, clock, lambda: process.poll() is not None, log)
            yield
        finally:
            process.terminate()
            try:
                process.wait(END_S)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_until_ready(at: str, clock: Clock, has_ended: Callable[[], bool], log: Path) -> None:
    deadline = clock.monotonic() + START_S
    while clock.monotonic() < deadline and not has_ended():
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"http://{at}/-/ready", timeout=2).close()
            return
        clock.wait(0.1, threading.Event())
    last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
    raise ServerEnded(f"{log.stem} did not come up on {at}: {''.join(last)}", cure=f"see {log}")


def _port(usual: int) -> int:
    """The usual port, or a free one where somebody has it."""
    for wanted in (usual, 0):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", wanted)) as listener:
            return int(listener.getsockname()[1])
    raise ServerEnded("no port is free on 127.0.0.1", cure="end what has taken them all")
