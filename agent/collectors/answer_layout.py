"""What the series of an answer mean, worked out once for the many objects whose answers hold the same ones.

Answers are read row by row: which series add up, and to which figure of the object, is not asked again for each sample.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import mul
from typing import NamedTuple, TypeVar

from agent.dataclass import dataclass
from agent.ledger.sample_totals import Key
from agent.model.performance import Combine, CounterDefinition, CounterUse, GaugeReading
from agent.vcenter.performance import SeriesId

T = TypeVar("T")


class KnownUse(NamedTuple):
    """A counter that is read, as this vCenter has it; `total` if its samples are added up."""

    use: CounterUse
    definition: CounterDefinition
    total: bool


class Figure(NamedTuple):
    """A figure of an object that several series make: their places, and how they are joined."""

    key: Key
    places: tuple[int, ...]
    join: Callable[[Iterable[int]], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLayout:
    """What is done with the series of one answer, in their order."""

    counted: tuple[Key, ...]
    places: tuple[int, ...]
    """those of the counted series in the answer"""
    factors: tuple[int, ...]
    """what a sample of each counted series is worth: the interval's seconds for a rate"""
    gauges: tuple[Figure, ...]
    peaks: tuple[Figure, ...]
    once: bool
    """whether no series is there twice"""

    def amounts(self, rows: Sequence[Sequence[int]]) -> Iterable[int]:
        """What the samples of each counted series add up to."""
        return map(mul, map(sum, map(rows.__getitem__, self.places)), self.factors)

    def readings(
        self, rows: Sequence[Sequence[int]], lately: Sequence[Sequence[int]], newest: int, at_s: int
    ) -> dict[Key, GaugeReading]:
        """What the gauges read.

        Args:
            rows: The samples of each series.
            lately: Those of the last minute.
            newest: The place of the newest sample in each of `rows`.
            at_s: When that was, epoch seconds on vCenter's clock.
        """
        found = {}
        for key, places, join in self.gauges:
            if len(places) == 1:
                (place,) = places
                found[key] = GaugeReading(rows[place][newest], max(lately[place]), at_s)
            else:
                latest, peak = [rows[place][newest] for place in places], [max(lately[place]) for place in places]
                found[key] = GaugeReading(join(latest), join(peak), at_s)
        return found

    def highest(self, lately: Sequence[Sequence[int]], at_s: int) -> dict[Key, tuple[int, int]]:
        """The peaks of what is counted, each with the time of its newest sample."""
        return {key: (max([max(lately[place]) for place in places]), at_s) for key, places, _ in self.peaks}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTotals:
    """Which totals of an object are shown, of totals in a certain order."""

    keys: tuple[Key, ...]
    places: tuple[int, ...]
    sums: tuple[Figure, ...]
    """what instances add up to"""

    def of(self, amounts: Sequence[int]) -> dict[Key, int]:
        """What is shown when the totals stand at these amounts."""
        shown = dict(zip(self.keys, map(amounts.__getitem__, self.places), strict=True))
        for key, places, _ in self.sums:
            shown[key] = sum(map(amounts.__getitem__, places))
        return shown


def plain_rows(values: Sequence[str], count: int) -> list[list[int]] | None:
    """The samples of each series, if each has all of them: `count`, none of them vCenter's -1.

    JSON's reader makes numbers of them in half the time of `int`.
    """
    if not "".join(values).replace(",", "").isdecimal():
        return None
    try:
        rows: list[list[int]] = json.loads(f"[[{'],['.join(values)}]]")
    except ValueError:
        return None
    return rows if list(map(len, rows)).count(count) == len(rows) else None


def layout_of(
    ids: Sequence[SeriesId], uses: Mapping[int, KnownUse], by_instance: frozenset[str], interval_s: int
) -> AnswerLayout:
    """The layout of answers with these series.

    Args:
        ids: The series, in the order of the answer.
        uses: By counter id, what is read.
        by_instance: Names of the counters that are also shown instance by instance.
        interval_s: Seconds that a sample stands for.
    """
    counted: list[tuple[Key, int, int]] = []
    gauges: dict[str, list[tuple[str, int]]] = {}
    peaks: dict[str, list[tuple[str, int]]] = {}
    use_of = {one.use.name: one.use for one in uses.values()}
    for place, (counter, instance) in enumerate(ids):
        known = uses.get(counter)
        if known is None:
            continue
        use, definition, total = known
        if total:
            counted.append(((use.name, instance), place, interval_s if definition.stats_type == "rate" else 1))
            if use.peak:
                peaks.setdefault(use.name, []).append((instance, place))
        if use.newest or not total:
            gauges.setdefault(use.name, []).append((instance, place))
    figures: list[Figure] = []
    for name, places in gauges.items():
        if mine := of_object(use_of[name], places):
            figures.append(Figure((name, ""), tuple(mine), _joining(use_of[name].combine)))
        if name in by_instance:
            figures += (Figure((name, one), (place,), max) for one, place in places if one)
    return AnswerLayout(
        counted=tuple(key for key, _, _ in counted),
        places=tuple(place for _, place, _ in counted),
        factors=tuple(factor for _, _, factor in counted),
        gauges=tuple(figures),
        peaks=tuple(
            Figure((name, ""), tuple(mine), max)
            for name, places in peaks.items()
            if (mine := of_object(use_of[name], places))
        ),
        once=len(set(ids)) == len(ids),
    )


def shown_totals(keys: Sequence[Key], combined: frozenset[str], by_instance: frozenset[str]) -> ShownTotals:
    """Which totals are shown of an object that has these.

    Args:
        keys: Counter and instance of each total, in their order.
        combined: Names of the counters whose instances make the object's figure.
        by_instance: Names of the counters that are also shown instance by instance.
    """
    with_instances = {name for name, instance in keys if instance} & combined
    plain: list[tuple[Key, int]] = []
    sums: dict[str, list[int]] = {}
    for place, key in enumerate(keys):
        name, instance = key
        if instance and name in combined:
            sums.setdefault(name, []).append(place)
        if name in by_instance if instance else name not in with_instances:
            plain.append((key, place))
    return ShownTotals(
        keys=tuple(key for key, _ in plain),
        places=tuple(place for _, place in plain),
        sums=tuple(Figure((name, ""), tuple(places), sum) for name, places in sums.items()),
    )


def of_object(use: CounterUse, found: Sequence[tuple[str, T]]) -> list[T]:
    """What makes the object's own figure: vCenter's aggregate, or all instances where it has none.

    A datastore's own counters have an aggregate and no instances, though a host's of that name have none.
    """
    wanted = [value for instance, value in found if bool(instance) == (use.instance == "*")]
    return wanted or [value for instance, value in found if not instance]


def combined(how: Combine, readings: Sequence[GaugeReading]) -> GaugeReading:
    """The object's reading, of those of its instances."""
    join = _joining(how)
    return GaugeReading(
        latest=join(reading.latest for reading in readings),
        peak=join(reading.peak for reading in readings),
        at_s=max(reading.at_s for reading in readings),
    )


def _joining(how: Combine) -> Callable[[Iterable[int]], int]:
    return max if how is Combine.MAX else sum
