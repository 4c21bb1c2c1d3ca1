"""The guest inside a VM whose power is on: silent, and why. What nothing says of it is not held against it.

A hang is what vCenter shows as a red heartbeat, or an interval without a beat after one with. A reset or a crash makes
the guest silent from the event on, a reboot from its first sign of silence; it ends at the guest's own boot time
(sys.osUptime), else at its next sign of life.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import zip_longest

from agent.dataclass import dataclass
from agent.ledger.causes import CRASHES, GUEST_REBOOTS, RESETS
from agent.ledger.knowledge import Knowledge, event_evidence
from agent.ledger.observed import Held
from agent.ledger.proofs import counter_evidence
from agent.ledger.spans import holding, within
from agent.model.availability import Cause, Evidence, Moment
from agent.model.evidence import CounterSample, RecordedEvent, Span

_SAME_BOOT = timedelta(seconds=5)
"""Boot times computed from samples of one boot differ by the rounding of both clocks."""
_ASKED = timedelta(minutes=10)
"""A guest that was asked to reboot does it within this time, or it was not the request."""
_NOTICED = timedelta(minutes=2)
"""A guest that is reset or crashes is seen to be silent within this time, or what is seen later is another silence."""
_ALIVE = {"guestHeartbeatStatus": ("green", "yellow"), "guest.toolsRunningStatus": ("guestToolsRunning",)}
_SILENT = {
    "guestHeartbeatStatus": ("red", "gray"),
    "guest.toolsRunningStatus": ("guestToolsNotRunning",),
    "guest.guestState": ("notRunning", "shuttingDown", "resetting"),
}
_HEARTBEAT = "sys.heartbeat.summation"
_OS_UPTIME = "sys.osUptime.latest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """The guest did not answer from `start` until just before `end`."""

    start: datetime
    end: datetime
    cause: Cause
    who: str | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signs:
    alive: list[tuple[datetime, Evidence]]
    silent: list[tuple[datetime, Evidence]]
    boots: list[tuple[datetime, Evidence]]


class Guest:
    """The guest of one VM, asked for one stretch of power after the other."""

    def __init__(
        self,
        events: Sequence[RecordedEvent],
        held: Mapping[str, Sequence[Held]],
        samples: Iterable[CounterSample],
        knowledge: Knowledge,
    ) -> None:
        """`events` distinct and in order."""
        self._knowledge = knowledge
        self._triggers = [one for one in events if one.event.kind in RESETS | CRASHES | GUEST_REBOOTS]
        self._red = [one for one in held.get("guestHeartbeatStatus", ()) if one.value == "red"]
        ordered = sorted(samples, key=lambda one: (one.at, one.interval_s))
        self._beats = [one for one in ordered if one.counter == _HEARTBEAT]
        silent = [one for path, words in _SILENT.items() for one in held.get(path, ()) if one.value in words]
        self._silent = sorted(silent, key=lambda one: one.at)
        self._alive = [one for path, words in _ALIVE.items() for one in held.get(path, ()) if one.value in words]
        self._signs = _Signs(
            alive=_read(held, _ALIVE),
            silent=_read(held, _SILENT),
            boots=_boots([one for one in ordered if one.counter == _OS_UPTIME]),
        )

    def silences(self, start: datetime, end: datetime) -> tuple[list[Silence], list[Moment]]:
        """Within one stretch of power: silences in order (they may overlap), and what had no length that was measured."""
        silences: list[Silence] = []
        moments: list[Moment] = []
        explained: list[datetime] = []
        first = bisect_left(self._triggers, start, key=lambda one: one.event.created)
        for trigger, following in zip_longest(self._triggers[first:], self._triggers[first + 1 :]):
            at = trigger.event.created
            if at >= end:
                break
            # What follows the next of them is its doing.
            until = min(end, following.event.created) if following is not None else end
            boot = _between(self._signs.boots, at, min(until, at + _ASKED))
            if boot is not None:
                explained.append(boot[0])
            silence = self._after(trigger, boot, until, end)
            if silence is not None:
                silences.append(silence)
            elif following is None or not _noted_twice(trigger, following):
                moments.append(_moment(trigger, boot))
        for boot in self._signs.boots[_index(self._signs.boots, start) : _index(self._signs.boots, end)]:
            if boot[0] - start > _ASKED and boot[0] not in explained:
                silence = self._unasked(boot, start)
                if silence is not None:
                    silences.append(silence)
                else:
                    moments.append(
                        Moment(at=boot[0], cause=Cause.GUEST_REBOOT, evidence=(boot[1],), learned_at=boot[1].learned_at)
                    )
        silences += self._hangs(start, end)
        silences += self._beatless(start, end)
        return sorted(silences, key=lambda one: (one.start, one.cause is Cause.HANG)), moments

    def _after(
        self, trigger: RecordedEvent, boot: tuple[datetime, Evidence] | None, until: datetime, end: datetime
    ) -> Silence | None:
        """The silence that a trigger began, if it shows before `until`; it may last to the `end` of the power."""
        at = trigger.event.created
        cause = _cause(trigger)
        limit = min(until, at + (_ASKED if cause is Cause.GUEST_REBOOT else _NOTICED))
        silent = _between(self._signs.silent, at, min(limit, boot[0]) if boot else limit)
        if silent is not None and cause is not Cause.GUEST_REBOOT and not self._seen_to_stop(at, silent[0]):
            silent = None
        if silent is None and (boot is None or cause is Cause.GUEST_REBOOT):
            return None
        start = silent[0] if silent is not None and cause is Cause.GUEST_REBOOT else at
        alive = _between(self._signs.alive, silent[0] if silent else start, end)
        over = boot or alive
        if boot is not None or silent is None:
            stop = boot[0] if boot is not None else start
        else:
            stop = min(self._known_silent(silent[0], alive[0] if alive else end), end)
        if stop <= start:
            return None
        pieces = [event_evidence(trigger), *(one[1] for one in (silent, over) if one is not None)]
        return Silence(start=start, end=stop, cause=cause, who=trigger.event.user, evidence=tuple(pieces))

    def _seen_to_stop(self, at: datetime, sign: datetime) -> bool:
        """Whether the guest was alive before one's eyes when the trigger came, and its next sign was one of silence."""
        watch = holding(self._knowledge.watched, at)
        eyes_on = at == sign or (watch is not None and sign <= watch.end)
        return eyes_on and any(one.at <= at and one.until == sign for one in self._alive)

    def _unasked(self, boot: tuple[datetime, Evidence], start: datetime) -> Silence | None:
        """A reboot that vCenter was not asked for: silent from the first sign of it after the last sign of life."""
        alive = _last(self._signs.alive, start, boot[0])
        silent = _between(self._signs.silent, alive[0] if alive else start, boot[0])
        if silent is None or alive is None or boot[0] - silent[0] > _ASKED:
            return None
        return Silence(start=silent[0], end=boot[0], cause=Cause.GUEST_REBOOT, who=None, evidence=(silent[1], boot[1]))

    def _hangs(self, start: datetime, end: datetime) -> Iterable[Silence]:
        first = bisect_right(self._red, start, key=lambda one: one.until)
        for red in self._red[first:]:
            if red.at >= end:
                break
            for seen in within(Span(start=max(red.at, start), end=min(red.until, end)), self._knowledge.watched):
                yield Silence(start=seen.start, end=seen.end, cause=Cause.HANG, who=None, evidence=(red.evidence(),))

    def _beatless(self, start: datetime, end: datetime) -> Iterable[Silence]:
        """Intervals without a beat, after one with beats in the same stretch of power."""
        had_beats = False
        first = bisect_left(self._beats, start, key=lambda one: one.at - timedelta(seconds=one.interval_s))
        for one in self._beats[first:]:
            if one.at > end:
                break
            if one.value > 0:
                had_beats = True
            elif had_beats and one.value == 0:
                begun = one.at - timedelta(seconds=one.interval_s)
                yield Silence(start=begun, end=one.at, cause=Cause.HANG, who=None, evidence=(counter_evidence(one),))

    def _known_silent(self, first: datetime, alive: datetime) -> datetime:
        """Until the next sign of life, if the agent watched; else as long as signs of silence were seen to hold."""
        known = first
        for silent in self._silent[bisect_left(self._silent, first, key=lambda one: one.at) :]:
            if silent.at > known:
                break
            seen = within(Span(start=silent.at, end=silent.until), self._knowledge.watched)
            if seen and seen[0].start == silent.at:
                known = max(known, seen[0].end)
        return min(known, alive)


def _read(held: Mapping[str, Sequence[Held]], words: Mapping[str, Sequence[str]]) -> list[tuple[datetime, Evidence]]:
    found = [(one.at, one.evidence()) for path in words for one in held.get(path, ()) if one.value in words[path]]
    return sorted(found, key=lambda one: one[0])


def _boots(samples: Sequence[CounterSample]) -> list[tuple[datetime, Evidence]]:
    """When the guest booted: a sample's time less its value, once for each boot."""
    found: list[tuple[datetime, Evidence]] = []
    for one in samples:
        if one.value > 0:
            at = one.at - timedelta(seconds=one.value)
            if not found or at - found[-1][0] > _SAME_BOOT:
                found.append((at, counter_evidence(one)))
    return found


def _index(signs: Sequence[tuple[datetime, Evidence]], at: datetime) -> int:
    return bisect_left(signs, at, key=lambda one: one[0])


def _between(
    signs: Sequence[tuple[datetime, Evidence]], start: datetime, end: datetime
) -> tuple[datetime, Evidence] | None:
    index = _index(signs, start)
    return signs[index] if index < len(signs) and signs[index][0] < end else None


def _last(
    signs: Sequence[tuple[datetime, Evidence]], start: datetime, end: datetime
) -> tuple[datetime, Evidence] | None:
    index = _index(signs, end) - 1
    return signs[index] if index >= 0 and signs[index][0] >= start else None


def _cause(trigger: RecordedEvent) -> Cause:
    kind = trigger.event.kind
    return Cause.RESET if kind in RESETS else Cause.CRASH if kind in CRASHES else Cause.GUEST_REBOOT


def _noted_twice(trigger: RecordedEvent, following: RecordedEvent) -> bool:
    """HA's reset is told by HA and by the reset itself."""
    return _cause(trigger) is _cause(following) and following.event.created - trigger.event.created < _NOTICED


def _moment(trigger: RecordedEvent, boot: tuple[datetime, Evidence] | None) -> Moment:
    pieces = (event_evidence(trigger), *((boot[1],) if boot else ()))
    return Moment(
        at=boot[0] if boot else trigger.event.created,
        cause=_cause(trigger),
        who=trigger.event.user,
        evidence=pieces,
        learned_at=max(one.learned_at for one in pieces),
    )
