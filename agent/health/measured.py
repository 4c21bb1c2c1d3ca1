"""What performance counters were like lately: means over a stretch of time, from totals that only grow."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from agent.model.performance import EntityPerformance, Performance

WINDOW = timedelta(minutes=15)
"""What "lately" is: long enough that a burst does not count, short enough to call somebody."""
_SHORTEST = timedelta(minutes=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Rounds of counters, oldest first, each with the time it was published (any clock, the same for all)."""

    rounds: tuple[tuple[datetime, Performance], ...]

    @property
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
        first, last = self._of(0, kind, entity), self._of(-1, kind, entity)
        if first is None or last is None:
            return None
        if key in last.totals:
            if key not in first.totals or self.seconds <= 0 or last.totals[key] < first.totals[key]:
                return None
            return (last.totals[key] - first.totals[key]) / self.seconds
        found = [self._of(number, kind, entity) for number in range(len(self.rounds))]
        readings = [one.gauges[key].latest for one in found if one is not None and key in one.gauges]
        return sum(readings) / len(readings) if readings else None

    def _of(self, number: int, kind: str, entity: str) -> EntityPerformance | None:
        return self.rounds[number][1].entities.get(kind, {}).get(entity)


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
