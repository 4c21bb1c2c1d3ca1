"""What performance counters were like lately: means over a stretch of time, from totals that only grow."""

from array import array
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from agent.dataclass import dataclass
from agent.model.performance import EntityPerformance, Performance

WINDOW = timedelta(minutes=15)
"""What "lately" is: long enough that a burst does not count, short enough to call somebody."""
_SHORTEST = timedelta(minutes=4)
_NONE = -1
"""In a column, of an object that has no such figure; no counter that is looked at can be below zero."""


class _Figures(NamedTuple):
    """What some counters of one kind of object stood at; for each object its place in the columns."""

    places: Mapping[str, int]
    totals: Mapping[str, "array[int]"]
    newest: Mapping[str, "array[int]"]

    def placed_as(self, other: "_Figures", column: "array[int]") -> Sequence[int]:
        """A column of these figures in the order of the other's objects."""
        if self.places is other.places:
            return column
        places = [self.places.get(entity) for entity in other.places]
        return [_NONE if place is None else column[place] for place in places]


class Round(NamedTuple):
    """The counters that are looked at, by kind of object, and when they were published.

    A quarter of an hour of all that is published was a third of the agent's memory at 1,000 VMs.
    """

    at: datetime
    figures: Mapping[str, _Figures]


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Rounds of counters, oldest first, each with the time it was published (any clock, the same for all)."""

    rounds: tuple[Round, ...]

    @cached_property
    def seconds(self) -> float:
        """How long the stretch is."""
        return (self.until - self.rounds[0].at).total_seconds()

    @property
    def until(self) -> datetime:
        """When the newest round was published."""
        return self.rounds[-1].at

    def means(self, kind: str, counter: str) -> Mapping[str, float]:
        """The means of a counter: for one that adds up its raw amount a second, otherwise its raw value.

        All objects together take a third of the CPU of one after the other.

        Args:
            kind: vm, host, …
            counter: group.name.rollup.

        Returns:
            By the object's stable id, of those that were there, with the counter, for the whole of the time.
        """
        first, last = self.rounds[0].figures.get(kind), self.rounds[-1].figures.get(kind)
        if first is None or last is None:
            return {}
        rounds = [one.figures[kind] for one in self.rounds if kind in one.figures]
        totals, before = last.totals.get(counter), first.totals.get(counter)
        found: dict[str, float] = {}
        if totals is not None and before is not None and (seconds := self.seconds) > 0:
            found = {
                entity: (now - then) / seconds
                for entity, then, now in zip(last.places, first.placed_as(last, before), totals, strict=True)
                if _NONE < then <= now
            }
        columns = [one.placed_as(last, one.newest[counter]) for one in rounds if counter in one.newest]
        for place, (entity, *read) in enumerate(zip(last.places, *columns, strict=True)) if columns else ():
            if entity in first.places and (totals is None or totals[place] == _NONE):
                there = [value for value in read if value != _NONE]
                if there:
                    found[entity] = sum(there) / len(there)
        return found


@dataclass(frozen=True, kw_only=True)
class Lately:
    """The rounds of the last WINDOW, oldest first, and what the newest was made of."""

    rounds: tuple[Round, ...] = ()
    newest: Performance | None = None

    def and_then(self, at: datetime, performance: Performance, counters: Mapping[str, Collection[str]]) -> "Lately":
        """With a new round, of the counters that are looked at; one that says nothing new is left out.

        Args:
            at: When it was published.
            performance: What was published.
            counters: Which of it to keep, by kind of object.
        """
        if self.newest is performance:
            return self
        rounds = [*self.rounds, _round(at, performance, counters, self.rounds[-1] if self.rounds else None)]
        while len(rounds) > 2 and rounds[1].at <= at - WINDOW:
            del rounds[0]
        return Lately(rounds=tuple(rounds), newest=performance)

    def measured(self) -> Measured | None:
        """The means of these rounds; None as long as they say too little."""
        if len(self.rounds) < 2 or self.rounds[-1].at - self.rounds[0].at < _SHORTEST:
            return None
        return Measured(rounds=self.rounds)


def read_once(performance: Performance, at: datetime, seconds: float) -> Measured:
    """The means of counters that were read once, with the samples of the last seconds."""
    counters = {
        kind: {name for one in entities.values() for name, instance in (*one.totals, *one.gauges) if not instance}
        for kind, entities in performance.entities.items()
    }
    last = _round(at, performance, counters, None)
    before = {
        kind: figures._replace(
            totals={
                name: array("q", [_NONE if one == _NONE else 0 for one in column])
                for name, column in figures.totals.items()
            },
            newest={},
        )
        for kind, figures in last.figures.items()
    }
    return Measured(rounds=(Round(at - timedelta(seconds=seconds), before), last))


def _round(
    at: datetime, performance: Performance, counters: Mapping[str, Collection[str]], before: Round | None
) -> Round:
    known = before.figures if before is not None else {}
    return Round(
        at,
        {
            kind: _figures(entities, counters.get(kind, ()), known.get(kind))
            for kind, entities in performance.entities.items()
        },
    )


def _figures(entities: Mapping[str, EntityPerformance], counters: Collection[str], before: _Figures | None) -> _Figures:
    same = before is not None and list(before.places) == list(entities)
    places = before.places if before is not None and same else {entity: place for place, entity in enumerate(entities)}
    every: Sequence[EntityPerformance] = list(entities.values())
    totals: dict[str, array[int]] = {}
    newest: dict[str, array[int]] = {}
    for name in counters:
        key = (name, "")
        column = array("q", [one.totals.get(key, _NONE) for one in every])
        if any(one != _NONE for one in column):
            totals[name] = column
        readings = [one.gauges.get(key) for one in every]
        if any(readings):
            newest[name] = array("q", [_NONE if one is None else one.latest for one in readings])
    return _Figures(places, totals, newest)
