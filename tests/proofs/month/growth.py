"""Whether anything grows: the last third of the samples beside the first, and the slope within one long life."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import linear_regression, mean

from tests.proofs.month.scene import DAY_S, HOUR_S
from tests.proofs.month.stage import Sample

SETTLED_S = 6 * HOUR_S
"""A process has filled its caches then."""
MOST_MEMORY = 1.10
ENOUGH = 12
"""Fewer samples say nothing of growth."""
COME_AND_GO = 3
"""Connections and threads that happen to be there at a moment."""
MOST_SESSIONS = 3
"""The agent's, and those of agents that were killed or cut off in the half hour before."""
FIGURES: dict[str, tuple[str, Callable[[Sample], float]]] = {
    "memory": ("MB", lambda one: one.memory_mb),
    "open files": ("", lambda one: one.files),
    "threads": ("", lambda one: one.threads),
    "sessions at vCenter": ("", lambda one: one.sessions),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Third:
    """One figure in the first and in the last third."""

    name: str
    unit: str
    first: float
    last: float
    most: float
    slope_a_day: float
    """within the last long life"""


def thirds(samples: Sequence[Sample]) -> list[Third]:
    """Of settled processes only."""
    settled = [one for one in samples if one.age_s >= SETTLED_S] or list(samples)
    part = max(1, len(settled) // 3)
    life = [one for one in settled if one.passed_s - one.age_s == settled[-1].passed_s - settled[-1].age_s]
    days = [one.passed_s / DAY_S for one in life]
    return [
        Third(
            name=name,
            unit=unit,
            first=mean(value(one) for one in settled[:part]),
            last=mean(value(one) for one in settled[-part:]),
            most=max(value(one) for one in samples),
            slope_a_day=linear_regression(days, [value(one) for one in life]).slope if len(set(days)) > 1 else 0.0,
        )
        for name, (unit, value) in FIGURES.items()
    ]


def grown(samples: Sequence[Sample]) -> list[str]:
    """What grows, in words; nothing if all is well."""
    found: list[str] = []
    if len(samples) < ENOUGH:
        return found
    for one in thirds(samples):
        most = one.first * MOST_MEMORY if one.name == "memory" else one.first + COME_AND_GO
        if one.last > most:
            found.append(f"{one.name}: {one.first:.1f} in the first third, {one.last:.1f} in the last")
        if one.name == "sessions at vCenter" and one.most > MOST_SESSIONS:
            found.append(f"{one.most:.0f} sessions at once")
    return found


def ledger_mb_a_day(samples: Sequence[Sample]) -> float:
    """From the second sample on: the first reading takes up vCenter's whole past."""
    if len(samples) < 3:
        return 0.0
    first, last = samples[1], samples[-1]
    return (last.ledger_mb - first.ledger_mb) / ((last.passed_s - first.passed_s) / DAY_S)
