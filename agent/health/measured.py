"""What performance counters were like lately: means over a stretch of time, from totals that only grow."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property

from agent.dataclass import dataclass
from agent.model.performance import EntityPerformance, Performance

WINDOW = timedelta(minutes=15)
"""What "lately" is: long enough that a burst does not count, short enough to call somebody."""
_SHORTEST = timedelta(minutes=4)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Rounds of counters, oldest first, each with the time it was published (any clock, the same for all)."""

    rounds: tuple[tuple[datetime, Performance], ...]

    @cached_property
    def seconds(self) -> float:
        """How long the stretch is."""
        return (self.rounds[-1][0] - self.rounds[0][0]).total_seconds()

    @property
    def until(self) -> datetime:
        """When the newest round was published."""
        return self.rounds[-1][0]

    def mean(self, kind: str, entity: str, counter: str) -> float | None:
        """The mean of a counter: for one that adds up its raw amount a second, otherwise its raw value.

        Args:
            kind: vm, host, …
            entity: The object's stable id.
            counter: group.name.rollup.

        Returns:
            None if the object, or the counter, was not there for the whole of the time.
        """
        key = (counter, "")
        rounds = self._entities.get(kind) or self._of_kind(kind)
        first, last = rounds[0].get(entity), rounds[-1].get(entity)
        if first is None or last is None:
            return None
        if (total := last.totals.get(key)) is not None:
            before = first.totals.get(key)
            return None if before is None or self.seconds <= 0 or total < before else (total - before) / self.seconds
        found = [
            one.gauges[key].latest for each in rounds if (one := each.get(entity)) is not None and key in one.gauges
        ]
        return sum(found) / len(found) if found else None

    @cached_property
    def _entities(self) -> dict[str, list[Mapping[str, EntityPerformance]]]:
        """By kind, what each round has of each object."""
        return {}

    def _of_kind(self, kind: str) -> list[Mapping[str, EntityPerformance]]:
        self._entities[kind] = [performance.entities.get(kind, {}) for _, performance in self.rounds]
        return self._entities[kind]


def extended(
    measured: Sequence[tuple[datetime, Performance]], at: datetime, performance: Performance
) -> tuple[tuple[datetime, Performance], ...]:
    """The rounds of the last WINDOW and the new one; a round that says nothing new is left out."""
    if measured and measured[-1][1] is performance:
        return tuple(measured)
    rounds = [*measured, (at, performance)]
    while len(rounds) > 2 and rounds[1][0] <= at - WINDOW:
        del rounds[0]
    return tuple(rounds)


def lately(rounds: tuple[tuple[datetime, Performance], ...]) -> Measured | None:
    """The means of these rounds; None as long as they say too little."""
    if len(rounds) < 2 or rounds[-1][0] - rounds[0][0] < _SHORTEST:
        return None
    return Measured(rounds=rounds)


def read_once(performance: Performance, at: datetime, seconds: float) -> Measured:
    """The means of counters that were read once, with the samples of the last seconds."""
    zero = {
        kind: {entity: replace(one, totals=dict.fromkeys(one.totals, 0), gauges={}) for entity, one in entities.items()}
        for kind, entities in performance.entities.items()
    }
    before = replace(performance, entities=zero)
    return Measured(rounds=((at - timedelta(seconds=seconds), before), (at, performance)))
