"""Measurements as people and as programs read them."""

import json
import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version

from tests.bench.measuring import Measurement
from tests.bench.processes import processor


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table. `aims` is the most that it should be, by number of virtual machines."""

    title: str
    value: Callable[[Measurement], float]
    digits: int
    aims: dict[int, float]

    def cell(self, measured: Measurement) -> str:
        """The value, marked where it misses its aim."""
        value = self.value(measured)
        aim = self.aims.get(measured.vms)
        missed = f" (aim: {aim:g})" if aim is not None and value > aim else ""
        return f"{value:,.{self.digits}f}{missed}"


def _row(title: str, value: Callable[[Measurement], float], digits: int = 2, **aims: float) -> Row:
    return Row(title=title, value=value, digits=digits, aims={int(vms[1:]): aim for vms, aim in aims.items()})


ROWS = (
    _row("first metrics after start, s", lambda one: one.first_metrics_s, _80=1, _1000=5),
    _row("  CPU of the agent until then, s", lambda one: one.start_agent_cpu_s),
    _row("  CPU of the server meanwhile, s", lambda one: one.start_server_cpu_s),
    _row("CPU of the agent, s a minute", lambda one: one.agent_cpu_s_a_minute, 3),
    _row("  CPU of the server, s a minute", lambda one: one.server_cpu_s_a_minute, 3),
    _row("peak memory, MB", lambda one: one.peak_memory_mb, 0, _80=70),
    _row("SOAP calls a minute", lambda one: one.calls_a_minute, 1, _80=12),
    _row("received, MB a minute", lambda one: one.received_mb_a_minute, 3),
    _row("series", lambda one: one.series, 0),
    _row("page, MB", lambda one: one.page_mb, 3),
    _row("  compressed, MB", lambda one: one.page_gzip_mb, 3),
    _row("scrape, p50, ms", lambda one: one.scrape_p50_ms),
    _row("  p99, ms", lambda one: one.scrape_p99_ms),
    _row("  longest, ms", lambda one: one.scrape_max_ms),
)


def machine() -> dict[str, str | int | float]:
    """What the figures were measured on; the load is that of whatever else ran."""
    return {
        "date": time.strftime("%Y-%m-%d"),
        "processor": processor(),
        "cores": os.cpu_count() or 0,
        "load": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "pyvmomi": version("pyvmomi"),
    }


def text(measurements: Sequence[Measurement], measured_on: dict[str, str | int | float]) -> str:
    """A table that is Markdown as well: it is pasted into docs/benchmarks.md as it is printed."""
    heads = ["", *(f"{one.vms:,} VMs, {one.server}" for one in measurements)]
    lines = [heads, *([row.title, *(row.cell(one) for one in measurements)] for row in ROWS)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    # Markdown drops spaces at the start of a cell, but not these
    shown = ["| " + " | ".join(_cell(line, column, widths) for column in range(len(heads))) + " |" for line in lines]
    rule = (
        "|" + "|".join("-" * (width + 1) + ("-" if column == 0 else ":") for column, width in enumerate(widths)) + "|"
    )
    about = ", ".join(f"{name} {value}" for name, value in measured_on.items())
    calls = [
        f"calls a minute, {one.vms:,} VMs, {one.server}: "
        + ", ".join(f"{name} {count:.1f}" for name, count in one.calls.items())
        for one in measurements
    ]
    return "\n".join([about, "", shown[0], rule, *shown[1:], "", *calls, ""])


def _cell(line: Sequence[str], column: int, widths: Sequence[int]) -> str:
    text = line[column]
    return text.ljust(widths[column]) if column == 0 else text.rjust(widths[column])


def as_json(measurements: Sequence[Measurement], measured_on: dict[str, str | int | float]) -> str:
    """The same and all else that was measured."""
    return json.dumps({"machine": measured_on, "measurements": [asdict(one) for one in measurements]}, indent=2) + "\n"
