"""Recorded performance samples, answered as vCenter answers."""

from collections import defaultdict
from typing import Any

from pyVmomi import vim

from agent.recording.lines import Samples
from agent.simulator.counters import REAL_TIME
from agent.simulator.performance import csv_element, normal_element
from agent.simulator.schema import id_of

MISSING = -1
Series = dict[tuple[int, str], dict[int, int]]


class ReplayedSamples:
    """Samples by object and interval. `shift` moves their times, in seconds, by whole intervals and never into the future."""

    def __init__(self, shift: float) -> None:
        self._shift = shift
        self._held: defaultdict[tuple[str, int], Series] = defaultdict(dict)

    def add(self, line: Samples) -> None:
        """Take samples up; one that was missing before is there from now on."""
        move = int(self._shift // line.interval_s) * line.interval_s
        held = self._held[line.moid, line.interval_s]
        for counter, instance, text in line.series:
            values = [int(one) for one in text.split(",")] if text else []
            if len(values) == len(line.times):
                series = held.setdefault((counter, instance), {})
                for at, value in zip(line.times, values, strict=True):
                    if value != MISSING or at + move not in series:
                        series[at + move] = value

    def forget(self, moid: str) -> None:
        """The object has gone."""
        for key in [key for key in self._held if key[0] == moid]:
            del self._held[key]

    def series(self, moid: str, interval: int | None) -> list[tuple[int, str]]:
        """The counter ids and instances that there are of an object."""
        return [
            pair
            for (one, every), held in self._held.items()
            if one == moid and interval in (None, every)
            for pair in held
        ]

    def answer(self, ref: Any, spec: Any, now: int) -> str:
        """The `returnval` element that answers a PerfQuerySpec at a moment in epoch seconds; empty for no samples."""
        interval = spec.intervalId or REAL_TIME
        held = self._held.get((id_of(ref), interval))
        if not held:
            return ""
        chosen = self._chosen(held, spec)
        begin = int(spec.startTime.timestamp()) if spec.startTime else 0
        end = min(now, int(spec.endTime.timestamp()) if spec.endTime else now)
        moments = sorted({at for pair in chosen for at in held[pair] if begin < at <= end})
        if spec.maxSample and interval == REAL_TIME:
            moments = moments[-spec.maxSample :]
        if not moments:
            return ""
        series = [(*pair, [held[pair].get(at, MISSING) for at in moments]) for pair in chosen]
        write = csv_element if spec.format == vim.PerformanceManager.Format.csv else normal_element
        return write(ref, moments, interval, series)

    @staticmethod
    def _chosen(held: Series, spec: Any) -> list[tuple[int, str]]:
        asked = [(one.counterId, one.instance or "") for one in spec.metricId]
        if not asked:
            return list(held)
        found: dict[tuple[int, str], None] = {}
        for counter, instance in asked:
            for pair in held:
                if pair[0] == counter and instance in ("*", pair[1]):
                    found[pair] = None
        return list(found)
