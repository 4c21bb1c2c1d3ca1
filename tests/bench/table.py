"""Measurements as people read them: a table a server, programs side by side, and how many times the agent's each is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.bench.figures import Figures, told
from tests.bench.measuring import Measurement


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table."""

    title: str
    value: Callable[[Measurement], float]
    digits: int
    compared: bool = True


ROWS = (
    Row(title="CPU, s a minute", value=lambda one: one.cpu_s_a_minute, digits=3),
    Row(title="  of the server, s a minute", value=lambda one: one.server_cpu_s_a_minute, digits=3),
    Row(title="SOAP calls a minute", value=lambda one: one.calls_a_minute, digits=1),
    Row(title="received, MB a minute", value=lambda one: one.received_mb_a_minute, digits=3),
    Row(title="peak memory, MB", value=lambda one: one.peak_memory_mb, digits=0),
    Row(title="first metrics after start, s", value=lambda one: one.first_metrics_s, digits=2),
    Row(title="  CPU until then, s", value=lambda one: one.start_cpu_s, digits=2),
    Row(title="  of the server, s", value=lambda one: one.start_server_cpu_s, digits=2),
    Row(title="scrape, p50, ms", value=lambda one: one.scrape_p50_ms, digits=1),
    Row(title="  p99, ms", value=lambda one: one.scrape_p99_ms, digits=1),
    Row(title="  longest, ms", value=lambda one: one.scrape_max_ms, digits=1),
    Row(title="  scrapes", value=lambda one: one.scrapes, digits=0, compared=False),
    Row(title="series", value=lambda one: one.series, digits=0),
    Row(
        title="CPU for 1,000 series, ms a minute",
        value=lambda one: one.cpu_s_a_minute * 1e6 / (one.series or 1),
        digits=2,
    ),
    Row(title="page, MB", value=lambda one: one.page_mb, digits=3),
    Row(title="  as it is sent, MB", value=lambda one: one.page_sent_mb, digits=3),
)


def text(figures: Figures) -> str:
    """Tables that are Markdown as well: they stand in docs/benchmarks.md as they are printed."""
    parts = []
    for group in figures.groups():
        lacking = [one for one in figures.failures if (one.server, one.vms) == (group[0].server, group[0].vms)]
        parts += [
            f"### {group[0].vms:,} VMs, {group[0].server}\n",
            told(group) + "\n",
            table(group),
            *(f"{one.program} could not be measured: {one.why}\n" for one in lacking),
            *(f"{one.program} complained: {one.complained}\n" for one in group if one.complained),
            *(f"Calls a minute, {one.program}: {_calls(one)}.\n" for one in group),
        ]
    return "\n".join(parts)


def table(group: Sequence[Measurement]) -> str:
    """One server's: a column a program, and a column a comparison."""
    agent, *peers = group
    heads = ["", *(one.program for one in group), *(f"{one.program} / {agent.program}" for one in peers)]
    lines = [heads]
    for row in ROWS:
        cells = [f"{row.value(one):,.{row.digits}f}" for one in group]
        ratios = [_times(row.value(one), row.value(agent)) if row.compared else "" for one in peers]
        lines.append([row.title, *cells, *ratios])
    return markdown(lines)


def markdown(lines: Sequence[Sequence[str]]) -> str:
    """Aligned, the first column to the left and all others to the right."""
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    shown = ["| " + " | ".join(_cell(line, column, widths) for column in range(len(line))) + " |" for line in lines]
    rule = "|" + "|".join("-" * (width + 1) + ("-" if at == 0 else ":") for at, width in enumerate(widths)) + "|"
    return "\n".join([shown[0], rule, *shown[1:], ""])


def _calls(one: Measurement) -> str:
    most = sorted(one.calls.items(), key=lambda call: -call[1])
    return ", ".join(f"{name} {count:.1f}" for name, count in most)


def _times(theirs: float, ours: float) -> str:
    if ours <= 0:
        return ""
    ratio = theirs / ours
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.2f}"


def _cell(line: Sequence[str], column: int, widths: Sequence[int]) -> str:
    return line[column].ljust(widths[column]) if column == 0 else line[column].rjust(widths[column])
