"""Counters as witnesses: of the samples that are counted anyway, those that tell the ledger when a VM ran.

vCenter measures `sys.uptime`, `sys.osUptime` and `sys.heartbeat` by itself, so they speak also for times that the agent
did not see.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from operator import sub
from typing import NamedTuple

from agent.ledger.witnesses import COUNTERS, HEARTBEAT, WitnessSelection
from agent.model.evidence import CounterSample
from agent.model.performance import CounterDefinition
from agent.vcenter.performance import EntityAnswer, SeriesId

Witness = tuple[str, CounterSample]
"""moid of the VM, and its sample"""


_LOOK_AT_LEAST_EVERY_S = 6 * 3600
_SAME_BOOT_S = 2
_MOST_PLACES = 2000


class _Last(NamedTuple):
    """The newest sample of one VM and counter; `shown` whether the selection has seen it."""

    at_s: int
    value: int
    looked_at_s: int
    shown: bool


class CounterWitnesses:
    """Picks witnesses out of the answers about VMs. `pending` waits to be written; of one thread.

    Most samples say what the one before them said. Those are only remembered: the last of them is looked at when
    something changes, because it proves how long the old state held.
    """

    def __init__(self, definitions: Mapping[str, CounterDefinition]) -> None:
        self.pending: list[Witness] = []
        self._selection = WitnessSelection()
        self._names: dict[int, str] = {}
        self._places: dict[tuple[SeriesId, ...], tuple[tuple[int, int, str], ...]] = {}
        """where answers with these series have witnesses: place, counter and its name"""
        self._last: dict[tuple[str, int], _Last] = {}
        self.define(definitions)

    def define(self, definitions: Mapping[str, CounterDefinition]) -> None:
        """The counters as a new session of the same vCenter tells them; what a guest's heart did before is remembered."""
        names = {definitions[name].id: name for name in COUNTERS if name in definitions}
        if names != self._names:
            self._names, self._last, self._places = names, {}, {}

    def take(self, answer: EntityAnswer, learned_at: datetime) -> None:
        """Look at the samples that were not looked at yet, oldest first."""
        places = self._places.get(answer.ids)
        if places is None:
            if len(self._places) > _MOST_PLACES:
                self._places.clear()
            places = self._places[answer.ids] = tuple(
                (place, counter, self._names[counter])
                for place, (counter, instance) in enumerate(answer.ids)
                if counter in self._names and not instance
            )
        for place, counter, name in places:
            key = (answer.moid, counter)
            last = self._last.get(key)
            text = answer.values[place]
            if last is not None and (same := _as_before(name, last, answer.times, text)) is not None:
                self._last[key] = same
                continue
            after = last.at_s if last else 0
            new = sorted(
                (at_s, value)
                for at_s, value in zip(answer.times, map(int, text.split(",")), strict=False)
                if at_s > after and value >= 0
            )
            if not new:
                continue
            if last is None:  # an agent that starts has five minutes of samples, which mostly say the same
                (at_s, value), *new = new
                self._show(answer, name, at_s, value, learned_at)
                last = self._last[key] = _Last(at_s, value, looked_at_s=at_s, shown=True)
                if not new:
                    continue
            if all(_says_the_same(name, last, at_s, value) for at_s, value in new):
                self._last[key] = last._replace(at_s=new[-1][0], value=new[-1][1], shown=False)
                continue
            held = [] if last.shown else [(last.at_s, last.value)]
            for at_s, value in held + new:
                self._show(answer, name, at_s, value, learned_at)
            self._last[key] = _Last(*new[-1], looked_at_s=new[-1][0], shown=True)

    def _show(self, answer: EntityAnswer, name: str, at_s: int, value: int, learned_at: datetime) -> None:
        sample = CounterSample(
            counter=name,
            at=datetime.fromtimestamp(at_s, UTC),
            interval_s=answer.interval_s,
            value=value,
            learned_at=learned_at,
        )
        self.pending += ((answer.moid, one) for one in self._selection.worth(answer.moid, sample))

    def forget_gone(self, present: set[str]) -> None:
        """Drop what is remembered of VMs (by moid) that are gone."""
        self._selection.forget(present)
        self._last = {key: last for key, last in self._last.items() if key[0] in present}


def _as_before(name: str, last: _Last, times: tuple[int, ...], text: str) -> _Last | None:
    """What is remembered next, where plainly all samples are new and add nothing; None where that takes a closer look.

    Half the CPU of the closer look, and nearly always enough.
    """
    values = list(map(int, text.split(",")))
    if len(values) != len(times) or min(times) <= last.at_s or last.value <= 0 or min(values) <= 0:
        return None
    newest = times[-1]
    if newest != max(times) or newest - last.looked_at_s > _LOOK_AT_LEAST_EVERY_S:
        return None
    if name != HEARTBEAT:
        boots, boot = list(map(sub, times, values)), last.at_s - last.value
        if max(boots) - boot > _SAME_BOOT_S or boot - min(boots) > _SAME_BOOT_S:
            return None
    return _Last(newest, values[-1], last.looked_at_s, shown=False)


def _says_the_same(name: str, last: _Last, at_s: int, value: int) -> bool:
    """Whether a sample adds nothing to the one before it: the same boot, or beats as before, looked at not long ago."""
    if at_s - last.looked_at_s > _LOOK_AT_LEAST_EVERY_S:
        return False
    if name == HEARTBEAT:
        return value > 0 and last.value > 0
    return value > 0 and last.value > 0 and abs((at_s - value) - (last.at_s - last.value)) <= _SAME_BOOT_S
