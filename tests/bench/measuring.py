"""One measurement: a program starts, settles, runs alone for a while, and is then scraped."""

import contextlib
import http.client
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.client import Page, read
from tests.bench.processes import cpu_s, peak_memory_mb
from tests.bench.programs import Program, Starting
from tests.bench.servers import Counted, Server

FIRST_METRICS_WITHIN_S = 120
FIRST_METRICS_WITHIN_S_A_VM = 0.2
LOOK_EVERY_S = 0.02
FEWEST_SCRAPES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Durations:
    """Seconds of each part of a measurement, and how often what reads when it is asked is asked."""

    settle_s: float
    steady_s: float
    scraped_s: float
    readings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """Seconds, MB (10^6 bytes) and counts; `a minute` is the average of the steady part."""

    program: str
    server: str
    vms: int
    first_metrics_s: float
    """from the start of the process until its page is complete"""
    start_cpu_s: float
    start_server_cpu_s: float
    cpu_s_a_minute: float
    server_cpu_s_a_minute: float
    peak_memory_mb: float
    calls_a_minute: float
    received_mb_a_minute: float
    series: int
    page_mb: float
    page_sent_mb: float
    """as a scrape gets it, compressed where the program can do that"""
    scrapes: int
    scrape_p50_ms: float
    scrape_p99_ms: float
    scrape_max_ms: float
    calls: dict[str, float]
    """a minute, by operation, as the server counted"""
    complained: str = ""
    """what the program said of being late or failing"""
    changing_percent: float | None = None
    """of the virtual machines, each minute; None: the scenario"""
    cadence_s: int | None = None
    """how often the agent reads; None: as it does by default"""
    on: dict[str, str | int | float] = field(default_factory=dict)
    """when and on what machine"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A program that could not be measured, and why."""

    program: str
    server: str
    vms: int
    why: str
    on: dict[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Totals:
    """What has been counted up to a moment."""

    at: float
    cpu_s: float
    server_cpu_s: float
    counted: Counted


def measure(
    server: Server, start: Starting, durations: Durations, folder: Path, on: dict[str, str | int | float]
) -> Measurement:
    """Start a program against `server`, with the settings that a user has, and measure it.

    Args:
        server: Where it reads.
        start: Starts it.
        durations: Of the parts.
        folder: For its files.
        on: The machine, to be told with the figures.

    Raises:
        AssertionError: it ended, failed or did not become ready in time; the message says what it said.
    """
    server_cpu_before = cpu_s(server.pid)
    began = time.monotonic()
    with start(server, folder) as program:
        _wait_until_ready(program, began, FIRST_METRICS_WITHIN_S + FIRST_METRICS_WITHIN_S_A_VM * server.vms)
        first_metrics_s = time.monotonic() - began
        start_cpu, start_server = cpu_s(program.pid), cpu_s(server.pid) - server_cpu_before
        program.client.close()  # a server ends an idle connection; a new one is opened by the next question
        broken: list[str] = []
        if program.reads_when_asked:
            before = _totals(program, server)
            scrapes_ms = [_scraped_ms(program, broken) for _ in range(durations.readings)]
            after, minutes = _totals(program, server), float(durations.readings)
        else:
            time.sleep(durations.settle_s)
            before = _totals(program, server)
            time.sleep(durations.steady_s)
            after = _totals(program, server)
            minutes = (after.at - before.at) / 60
            scrapes_ms = _scraped(program, durations.scraped_s, broken)
        page = _page(program)
        peak = peak_memory_mb(program.pid)
        complained = "; ".join(filter(None, (program.complained(), _told(broken))))
    called = {
        name: (count - before.counted.calls.get(name, 0)) / minutes for name, count in after.counted.calls.items()
    }
    return Measurement(
        program=program.name,
        server=server.kind,
        vms=server.vms,
        first_metrics_s=first_metrics_s,
        start_cpu_s=start_cpu,
        start_server_cpu_s=start_server,
        cpu_s_a_minute=(after.cpu_s - before.cpu_s) / minutes,
        server_cpu_s_a_minute=(after.server_cpu_s - before.server_cpu_s) / minutes,
        peak_memory_mb=peak,
        calls_a_minute=sum(called.values()),
        received_mb_a_minute=(after.counted.sent_bytes - before.counted.sent_bytes) / 1e6 / minutes,
        series=page.series,
        page_mb=len(page.text) / 1e6,
        page_sent_mb=page.sent_bytes / 1e6,
        scrapes=len(scrapes_ms),
        scrape_p50_ms=statistics.median(scrapes_ms),
        scrape_p99_ms=statistics.quantiles(scrapes_ms, n=100, method="inclusive")[98],
        scrape_max_ms=max(scrapes_ms),
        calls={name: count for name, count in sorted(called.items()) if count},
        complained=complained,
        changing_percent=server.changing_percent,
        cadence_s=server.cadence_s,
        on=on,
    )


def _totals(program: Program, server: Server) -> Totals:
    return Totals(
        at=time.monotonic(), cpu_s=cpu_s(program.pid), server_cpu_s=cpu_s(server.pid), counted=server.counted()
    )


def _wait_until_ready(program: Program, began: float, within_s: float) -> None:
    while not program.ready():
        assert time.monotonic() - began < within_s, f"it was not ready within {within_s:.0f} s"
        time.sleep(LOOK_EVERY_S)


def _page(program: Program) -> Page:
    """A whole page, at the third attempt at the latest. Raises HTTPException as the program broke off its answers."""
    for _ in range(2):
        with contextlib.suppress(http.client.HTTPException):
            return read(program.client.scrape())
        program.client.close()
    return read(program.client.scrape())


def _told(broken: Sequence[str]) -> str:
    return f"{len(broken)} answers were broken off ({broken[0]})" if broken else ""


def _scraped(program: Program, seconds: float, broken: list[str]) -> list[float]:
    """Milliseconds of each of many scrapes, evenly spread, so that some of them meet the program at work."""
    began = time.monotonic()
    took: list[float] = []
    while len(took) < FEWEST_SCRAPES or time.monotonic() - began < seconds:
        time.sleep(max(0.0, began + len(took) / program.scrapes_a_s - time.monotonic()))
        took.append(_scraped_ms(program, broken))
    return took


def _scraped_ms(program: Program, broken: list[str]) -> float:
    """How long a scrape took; a program that breaks off its answer is told to have done so, and asked anew later."""
    asked = time.monotonic()
    try:
        program.client.scrape()
    except http.client.HTTPException as error:
        broken.append(type(error).__name__)
        program.client.close()
    return (time.monotonic() - asked) * 1000
