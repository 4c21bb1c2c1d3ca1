"""The counters of one kind of object at one vCenter: what to ask next, and what the answers add up to. No input or output."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from agent.collectors.answer_layout import (
    AnswerLayout,
    KnownUse,
    ShownTotals,
    combined,
    layout_of,
    of_object,
    plain_rows,
    shown_totals,
)
from agent.ledger.sample_totals import Key, SampleTotals, Slots, slots_of
from agent.model.counter_uses import WIRE_TYPES, is_total
from agent.model.performance import CounterDefinition, CounterUse, EntityPerformance, GaugeReading, SampleGrid
from agent.vcenter.performance import EntityAnswer, QuerySpec, SeriesId

T = TypeVar("T")

_STALE_SLOTS = 9
"""A reading older than this many intervals says nothing about now."""
PEAK_S = 60
"""How far back a peak looks."""
_MOST_LAYOUTS = 2000


class MeasuredObject(NamedTuple):
    """An object that may have samples. `on_since_s` is since when it certainly runs, None if no one says."""

    entity: str
    moid: str
    on_since_s: int | None


class _Moments(NamedTuple):
    """The times of an answer, prepared once for the many objects that share them."""

    slots: Slots
    newest: int
    order: tuple[int, ...]
    """places of the samples, newest first"""
    minute: tuple[int, ...]
    """places of the samples of the last minute"""


class PerformanceKind:
    """State of one kind, of one thread. `totals` are what `save` writes; `published` what the page may show."""

    def __init__(
        self,
        kind: str,
        grid: SampleGrid,
        uses: Sequence[CounterUse],
        definitions: Mapping[str, CounterDefinition],
        *,
        instances: frozenset[str] = frozenset(),
    ) -> None:
        """`instances` names the counter groups (net, virtualDisk, cpu…) that are also wanted instance by instance."""
        self.kind, self.grid = kind, grid
        self.totals: dict[str, SampleTotals] = {}
        self._uses = {
            definition.id: KnownUse(use, definition, use.counted and is_total(definition))
            for use in uses
            if (definition := definitions.get(use.name)) is not None
        }
        self._use_of = {use.name: use for use, _, _ in self._uses.values()}
        self._by_instance = frozenset(name for name in self._use_of if name.split(".")[0] in instances)
        self._metrics = tuple(
            metric
            for counter, (use, _, _) in self._uses.items()
            for metric in [(counter, use.instance)]
            + ([(counter, "*")] if use.name in self._by_instance and use.instance != "*" else [])
        )
        self._gauges: dict[str, Mapping[Key, GaugeReading]] = {}
        self._peaks: dict[str, Mapping[Key, tuple[int, int]]] = {}
        self._entities: dict[str, str] = {}
        self._prepared: dict[tuple[int, tuple[int, ...]], _Moments] = {}
        self._combined = frozenset(name for name, use in self._use_of.items() if use.instance == "*")
        self._layouts: dict[tuple[SeriesId, ...], AnswerLayout] = {}
        self._shown: dict[tuple[Key, ...], ShownTotals] = {}

    @property
    def metrics_per_object(self) -> int:
        """Counter and instance pairs asked of one object."""
        return len(self._metrics)

    def plan(self, objects: Iterable[MeasuredObject], now_s: int, read_until_s: int | None) -> list[QuerySpec]:
        """What to ask now: of each object, everything from its oldest open slot on.

        Args:
            objects: Those that may have samples.
            now_s: vCenter's clock.
            read_until_s: vCenter's clock at the last round that was written; None if there was none.
        """
        grid, newest = self.grid, self.grid.slot(now_s)
        lookback = grid.lookback_s // grid.interval_s
        since = newest if read_until_s is None else min(newest, grid.slot(read_until_s))
        earliest = max(newest - grid.width + 1, since - lookback)
        self._entities = {}
        self._prepared = {}
        for memory in (self._layouts, self._shown):
            if len(memory) > _MOST_LAYOUTS:
                memory.clear()
        specs = []
        for item in objects:
            totals = self.totals.get(item.entity)
            if totals is None:
                begin = newest - lookback
                totals = self.totals[item.entity] = SampleTotals(grid, begin, begin)
            # the first whole interval of its running; an object of which no one says when it began loses nothing
            running_since = newest + 1 if item.on_since_s is None else grid.slot(item.on_since_s) + 2
            totals.advance(newest, running_since)
            start = totals.open_from(earliest)
            if start <= newest and self._metrics:
                self._entities[item.moid] = item.entity
                after_s = (start - 1) * grid.interval_s
                specs.append(QuerySpec(WIRE_TYPES[self.kind], item.moid, after_s, grid.interval_s, self._metrics))
        return specs

    def take(self, answer: EntityAnswer) -> int | None:
        """Count what an answer holds. Returns the time of its newest sample, None if it has none of this grid."""
        entity = self._entities.get(answer.moid)
        if entity is None or not answer.times or answer.interval_s != self.grid.interval_s:
            return None  # vCenter gives the best interval it has, which may not be the one that was asked for
        totals = self.totals[entity]
        moments = self._moments(totals, answer.times)
        if not self._take_row(entity, answer, moments):
            self._take_each(entity, answer, moments)
        return moments.newest

    def _take_row(self, entity: str, answer: EntityAnswer, moments: _Moments) -> bool:
        """All series of an answer at once, where every sample is there and new; False where not, and nothing was taken.

        A third of the CPU that each series by itself takes.
        """
        layout = self._layouts.get(answer.ids)
        if layout is None:
            layout = layout_of(answer.ids, self._uses, self._by_instance, self.grid.interval_s)
            self._layouts[answer.ids] = layout
        rows = plain_rows(answer.values, len(answer.times)) if layout.once else None
        if rows is None:
            return False
        if layout.counted and not self.totals[entity].count_row(layout.counted, moments.slots, layout.amounts(rows)):
            return False
        lately = rows
        if len(moments.minute) < len(answer.times):
            lately = [[row[place] for place in moments.minute] for row in rows]
        self._keep(
            entity,
            layout.readings(rows, lately, moments.order[0], moments.newest),
            layout.highest(lately, moments.newest),
        )
        return True

    def _take_each(self, entity: str, answer: EntityAnswer, moments: _Moments) -> None:
        """One series after another, each with what it lacks or was given before."""
        totals, count = self.totals[entity], len(answer.times)
        gauges: dict[str, list[tuple[str, GaugeReading]]] = {}
        peaks: dict[str, list[tuple[str, int]]] = {}
        for counter, instance, text in answer.series:
            known = self._uses.get(counter)
            if known is None or not text:
                continue
            use, definition, total = known
            values = list(map(int, text.split(",")))
            if len(values) != count:
                continue  # nobody could say which sample is missing
            if total:
                factor = self.grid.interval_s if definition.stats_type == "rate" else 1
                totals.count_all(use.name, instance, moments.slots, values, factor)
                if use.peak:
                    peaks.setdefault(use.name, []).append((instance, max(values[place] for place in moments.minute)))
            if (use.newest or not total) and (reading := _reading(answer.times, moments, values)) is not None:
                gauges.setdefault(use.name, []).append((instance, reading))
        self._remember(entity, gauges, peaks, moments.newest)

    def take_in_steps(self, answer: EntityAnswer) -> tuple[str, list[tuple[int, EntityPerformance]]]:
        """As `take`, for an answer that catches up: the object, and what it stood at after each minute, oldest first.

        With each goes the time of that minute's newest sample, epoch seconds on vCenter's clock.
        """
        entity = self._entities.get(answer.moid, "")
        steps = []
        for part in _minutes(answer, max(PEAK_S, self.grid.interval_s)):
            at_s = self.take(part)
            if at_s is not None:
                steps.append((at_s, self._published(entity, self.totals[entity], at_s)))
        return entity, steps

    def _moments(self, totals: SampleTotals, times: tuple[int, ...]) -> _Moments:
        newest = max(times)
        if self.grid.slot(newest) > totals.head:  # vCenter measured on while it was asked
            totals.advance(self.grid.slot(newest), self.grid.slot(newest) + 1)
        key = (totals.head, times)
        found = self._prepared.get(key)
        if found is None:
            order = tuple(sorted(range(len(times)), key=times.__getitem__, reverse=True))
            minute = tuple(place for place in order if times[place] > newest - PEAK_S)
            slots = slots_of(self.grid, totals.head, times)
            found = self._prepared[key] = _Moments(slots, newest, order, minute)
        return found

    def changed(self) -> dict[str, SampleTotals]:
        """What has to be written."""
        return {entity: totals for entity, totals in self.totals.items() if totals.changed}

    def written(self) -> None:
        """All of `changed` is on disk."""
        for totals in self.totals.values():
            totals.changed = False

    def published(self, entities: Iterable[str], now_s: int) -> dict[str, EntityPerformance]:
        """What each of these objects stands at, at `now_s` on vCenter's clock. Call it after `written`."""
        known = ((entity, self.totals.get(entity)) for entity in entities)
        return {entity: self._published(entity, totals, now_s) for entity, totals in known if totals is not None}

    def forget_gone(self, entities: frozenset[str]) -> None:
        """Drop the gauges of objects that are no longer there; their totals stay, should they come back."""
        for memory in (self._gauges, self._peaks):
            for entity in [entity for entity in memory if entity not in entities]:
                del memory[entity]

    def _published(self, entity: str, totals: SampleTotals, now_s: int) -> EntityPerformance:
        oldest = now_s - _STALE_SLOTS * self.grid.interval_s
        gauges, peaks = self._gauges.get(entity, {}), self._peaks.get(entity, {})
        return EntityPerformance(
            totals=self._totals_shown(totals),
            gauges={key: one for key, one in gauges.items() if one.at_s > oldest},
            peaks={key: peak for key, (peak, at_s) in peaks.items() if at_s > oldest},
            lost_s=totals.lost_slots * self.grid.interval_s,
        )

    def _totals_shown(self, totals: SampleTotals) -> dict[Key, int]:
        if totals.apart:
            series = totals.series
            amounts = [one.total for one in series.values()]
            return shown_totals(tuple(series), self._combined, self._by_instance).of(amounts)
        shown = self._shown.get(totals.keys)
        if shown is None:
            shown = self._shown[totals.keys] = shown_totals(totals.keys, self._combined, self._by_instance)
        return shown.of(totals.amounts)

    def _remember(
        self,
        entity: str,
        gauges: Mapping[str, Sequence[tuple[str, GaugeReading]]],
        peaks: Mapping[str, Sequence[tuple[str, int]]],
        at_s: int,
    ) -> None:
        found: dict[Key, GaugeReading] = {}
        for name, readings in gauges.items():
            use = self._use_of[name]
            chosen = of_object(use, readings)
            if chosen:
                found[name, ""] = chosen[0] if len(chosen) == 1 else combined(use.combine, chosen)
            if name in self._by_instance:
                found.update({(name, one): reading for one, reading in readings if one})
        highest: dict[Key, tuple[int, int]] = {}
        for name, figures in peaks.items():
            if mine := of_object(self._use_of[name], figures):
                highest[name, ""] = (max(mine), at_s)
        self._keep(entity, found, highest)

    def _keep(self, entity: str, gauges: dict[Key, GaugeReading], peaks: dict[Key, tuple[int, int]]) -> None:
        self._gauges[entity] = _over(self._gauges.get(entity), gauges)
        self._peaks[entity] = _over(self._peaks.get(entity), peaks)


def _over(before: Mapping[Key, T] | None, found: dict[Key, T]) -> dict[Key, T]:
    """What was found, beside what was read before of series that are not in this answer."""
    return found if before is None or before.keys() <= found.keys() else {**before, **found}


def _minutes(answer: EntityAnswer, step_s: int) -> Iterable[EntityAnswer]:
    """The answer, cut into steps of `step_s`; series that do not fit the times are left out."""
    places: dict[int, list[int]] = defaultdict(list)
    for place, at_s in enumerate(answer.times):
        places[-(-at_s // step_s)].append(place)  # a sample bears the time of its interval's end
    texts = [text.split(",") for text in answer.values]
    fitting = [place for place, parts in enumerate(texts) if len(parts) == len(answer.times)]
    ids = tuple(answer.ids[place] for place in fitting)
    for _, chosen in sorted(places.items()):
        times = tuple(answer.times[place] for place in chosen)
        values = tuple(",".join(texts[one][place] for place in chosen) for one in fitting)
        yield answer._replace(times=times, ids=ids, values=values)


def _reading(times: Sequence[int], moments: _Moments, values: Sequence[int]) -> GaugeReading | None:
    """The newest of the samples that are there, and the highest of the last minute."""
    for place in moments.order:
        if values[place] >= 0:
            peak = max(values[other] for other in moments.minute)
            return GaugeReading(latest=values[place], peak=max(peak, values[place]), at_s=times[place])
    return None
