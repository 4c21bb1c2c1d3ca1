"""The scaling law as a picture: cost against the number of VMs and against the share of them that changes.

`.venv/bin/python -m tests.bench.scaling` draws docs/images/scaling.svg from docs/benchmarks.json. The figures come from

    python -m tests.bench --cadence 20 --changing 10 --vms 80 --vms 300 --vms 1000 --vms 3000 --vms 10000 --json FILE
    python -m tests.bench --cadence 20 --changing 0 --vms 1000 --json FILE       # and 1, 100
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from tests.bench.document import DOCS, FIGURES
from tests.bench.figures import Figures, load
from tests.bench.measuring import Measurement

PICTURE = DOCS / "images/scaling.svg"
CADENCE_S = 20
CHANGING_PERCENT = 10.0
"""Of the line over sizes: more than an estate changes in a minute of office hours."""
SIZE = 1000
"""Of the line over shares of change."""
ONE_CORE_S = 60.0
"""CPU seconds a minute."""
WIDTH, HEIGHT, LEFT, TOP, GAP, PLOT_W, PLOT_H = 980, 380, 70, 50, 90, 380, 260
STYLE = (
    "text{font:12px sans-serif;fill:#333}.t{font-weight:bold}.g{stroke:#ddd}.c{stroke:#b22;stroke-dasharray:6 4}"
    ".l{stroke:#15618f;fill:none;stroke-width:2}.f{stroke:#15618f;stroke-dasharray:2 4;fill:none}.p{fill:#15618f}"
    "@media (prefers-color-scheme:dark){text{fill:#ccc}.g{stroke:#444}}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """CPU seconds a minute: so much whatever is read, and so much for each VM."""

    fixed_s: float
    vm_s: float

    @property
    def one_core_holds(self) -> int:
        """VMs whose reading takes one core wholly."""
        return int((ONE_CORE_S - self.fixed_s) / self.vm_s)


def law(measured: Sequence[Measurement]) -> Law:
    """The line with the least squares of relative errors, so that small estates count as much as large ones.

    Raises:
        ValueError: it takes two sizes to draw a line.
    """
    if len({one.vms for one in measured}) < 2:
        raise ValueError("it takes measurements of two sizes")
    weights = [(1 / one.cpu_s_a_minute**2, one.vms, one.cpu_s_a_minute) for one in measured]
    total = sum(weight for weight, _, _ in weights)
    mean_vms = sum(weight * vms for weight, vms, _ in weights) / total
    mean_cpu = sum(weight * cpu for weight, _, cpu in weights) / total
    over = sum(weight * (vms - mean_vms) * (cpu - mean_cpu) for weight, vms, cpu in weights)
    under = sum(weight * (vms - mean_vms) ** 2 for weight, vms, _ in weights)
    slope = over / under
    return Law(fixed_s=mean_cpu - slope * mean_vms, vm_s=slope)


def by_size(figures: Figures) -> list[Measurement]:
    """The line over sizes."""
    return [one for one in figures.scaling() if (one.cadence_s, one.changing_percent) == (CADENCE_S, CHANGING_PERCENT)]


def by_change(figures: Figures) -> list[Measurement]:
    """The line over shares of change."""
    return [one for one in figures.scaling() if (one.cadence_s, one.vms) == (CADENCE_S, SIZE)]


def picture(figures: Figures) -> str:
    """The SVG."""
    sizes, changes = by_size(figures), by_change(figures)
    found = law(sizes)
    most = max(one.vms for one in sizes)
    beyond = "" if found.one_core_holds <= most else f" (by the line; measured up to {most:,})"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<style>{STYLE}</style>",
        f"<title>{escape(_summary(found, beyond))}</title>",
        _text(LEFT, 22, _summary(found, beyond), "t"),
        *_sizes(sizes, found),
        *_changes(changes),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _summary(found: Law, beyond: str) -> str:
    return (
        f"{found.fixed_s:.2f} CPU s a minute and {found.vm_s * 1000:.2f} ms for each VM, at a cadence of {CADENCE_S} s: "
        f"one core holds {_round_down(found.one_core_holds):,} VMs{beyond}"
    )


def _round_down(number: int) -> int:
    step: int = 10 ** max(0, len(str(number)) - 2)
    return number // step * step


def _sizes(measured: Sequence[Measurement], found: Law) -> list[str]:
    right = max(100_000, found.one_core_holds)
    x = _log(10, right, LEFT)
    y = _log_up(0.01, 100)
    ticks = [10**power for power in range(1, round(math.log10(right)) + 1)]
    line = [(x(vms), y(found.fixed_s + found.vm_s * vms)) for vms in (20, 50, *ticks[1:]) if vms <= right]
    return [
        _text(LEFT, TOP - 10, f"CPU s a minute by VMs, {CHANGING_PERCENT:g} % of them changing each minute"),
        *_grid(
            LEFT, [(x(vms), f"{vms:,}") for vms in ticks], [(y(cpu), f"{cpu:g}") for cpu in (0.01, 0.1, 1, 10, 100)]
        ),
        f'<line class="c" x1="{LEFT}" x2="{LEFT + PLOT_W}" y1="{y(ONE_CORE_S):.1f}" y2="{y(ONE_CORE_S):.1f}"/>',
        _text(LEFT + 6, y(ONE_CORE_S) - 5, "one core"),
        _polyline(line, "f"),
        *_points([(x(one.vms), y(one.cpu_s_a_minute), f"{one.cpu_s_a_minute:.2f}") for one in measured]),
    ]


def _changes(measured: Sequence[Measurement]) -> list[str]:
    left = LEFT + PLOT_W + GAP
    step = PLOT_W / max(1, len(measured) - 1)
    most = 1.2 * max((one.cpu_s_a_minute for one in measured), default=1.0)
    places = [
        (left + at * step, TOP + PLOT_H * (1 - one.cpu_s_a_minute / most), one) for at, one in enumerate(measured)
    ]
    rungs = [most * part / 4 for part in range(5)]
    return [
        _text(left, TOP - 10, f"CPU s a minute of {SIZE:,} VMs by the share that changes each minute"),
        *_grid(
            left,
            [(at, f"{one.changing_percent:g} %") for at, _, one in places],
            [(TOP + PLOT_H * (1 - rung / most), f"{rung:.2f}") for rung in rungs],
        ),
        _polyline([(at, up) for at, up, _ in places], "l"),
        *_points([(at, up, f"{one.cpu_s_a_minute:.2f}") for at, up, one in places]),
    ]


def _log(low: float, high: float, left: float) -> Callable[[float], float]:
    return lambda value: left + PLOT_W * math.log(value / low) / math.log(high / low)


def _log_up(low: float, high: float) -> Callable[[float], float]:
    return lambda value: TOP + PLOT_H * (1 - math.log(value / low) / math.log(high / low))


def _grid(left: float, across: Sequence[tuple[float, str]], up: Sequence[tuple[float, str]]) -> list[str]:
    bottom = TOP + PLOT_H
    return [
        part
        for at, label in across
        for part in (
            f'<line class="g" x1="{at:.1f}" x2="{at:.1f}" y1="{TOP}" y2="{bottom}"/>',
            _text(at, bottom + 18, label, anchor="middle"),
        )
    ] + [
        part
        for at, label in up
        for part in (
            f'<line class="g" x1="{left}" x2="{left + PLOT_W}" y1="{at:.1f}" y2="{at:.1f}"/>',
            _text(left - 8, at + 4, label, anchor="end"),
        )
    ]


def _points(places: Sequence[tuple[float, float, str]]) -> list[str]:
    return [
        part
        for at, up, label in places
        for part in (f'<circle class="p" cx="{at:.1f}" cy="{up:.1f}" r="4"/>', _text(at + 7, up - 7, label))
    ]


def _polyline(places: Sequence[tuple[float, float]], kind: str) -> str:
    return f'<polyline class="{kind}" points="{" ".join(f"{at:.1f},{up:.1f}" for at, up in places)}"/>'


def _text(at: float, up: float, words: str, kind: str = "", anchor: str = "start") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{at:.1f}" y="{up:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def draw(figures: Path = FIGURES, to: Path = PICTURE) -> None:
    """Write the picture. Raises ValueError as `law`."""
    to.write_text(picture(load(figures)))


if __name__ == "__main__":
    draw()
