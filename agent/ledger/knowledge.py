"""When silence is proof: made once for a vCenter, shared by all its objects.

Where all events were read while vCenter was there to post them, no event means that nothing happened. Everything else
is a blind stretch, in which only a proof that spans time (a boot time, an uptime) says anything.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from agent.dataclass import dataclass
from agent.ledger.spans import FUTURE, complement, last_instant, united, within, without
from agent.model.availability import Cause, Evidence, EvidenceKind
from agent.model.evidence import Coverage, RecordedEvent, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The margins of the contract; docs/ledger.md gives the reason of each."""

    host_silence: timedelta = timedelta(seconds=60)
    """a host may have been dead for so long before vCenter says that it lost it"""
    latency: timedelta = timedelta(seconds=30)
    """a property and the event that explains it may be so far apart"""
    boot_latency: timedelta = timedelta(seconds=120)
    """bootTime and VmPoweredOnEvent of one boot are no farther apart"""
    synchronization: timedelta = timedelta(seconds=60)
    """what vCenter finds after a host has come back is posted within this time, not when it happened"""
    overlap: timedelta = timedelta(minutes=10)
    """events may come late by so much; before that nothing is called a contradiction"""
    restart_search: timedelta = timedelta(hours=1)
    """how far before a restart by HA the failure that it answers is looked for"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blind:
    """A stretch in which silence proves nothing."""

    start: datetime
    end: datetime
    cause: Cause
    complete: bool
    """vCenter's events of the stretch were read: a boot time that did not change proves that all went on"""
    rank: int = 0
    """of several that overlap the highest names the cause"""
    evidence: tuple[Evidence, ...] = ()


def event_evidence(recorded: RecordedEvent, about: str | None = None) -> Evidence:
    """An event as evidence; `about` names another object than the ledger's."""
    event = recorded.event
    return Evidence(
        kind=EvidenceKind.EVENT,
        name=event.kind,
        at=event.created,
        learned_at=recorded.learned_at,
        event_key=event.key,
        about=about,
    )


def distinct(events: Sequence[RecordedEvent]) -> list[RecordedEvent]:
    """In the order of time and, within it, of their keys; of one event read twice the first reading."""
    found: list[RecordedEvent] = []
    for one in sorted(events, key=lambda one: (one.event.created, one.event.key, one.learned_at)):
        last = found[-1].event if found else None
        if last is None or (last.created, last.key) != (one.event.created, one.event.key):
            found.append(one)
    return found


class Knowledge:
    """What the agent could know of one vCenter, when, and since when it knows it."""

    def __init__(self, coverage: Coverage, rules: Rules, last_events: Sequence[datetime] = ()) -> None:
        """`last_events` are, for each server start in order, the times of the last event before it of any object."""
        self.rules = rules
        self.jumps = united(coverage.clock_jumps)
        # In a time that was told twice, what was watched in one of them says nothing of the other.
        self.streams = united(coverage.watched)
        self.watched = [part for one in self.streams for part in without(one, self.jumps)]
        self._windows = sorted(coverage.windows, key=lambda one: (one.end, one.start))
        self._ends = [one.end for one in self._windows]
        self._learned = _earliest_from_here_on([one.learned_at for one in self._windows])
        self._by_reading = sorted(coverage.windows, key=lambda one: (one.learned_at, one.end))
        self.covered = self._settled(united(Span(start=one.start, end=one.end) for one in coverage.windows))
        self.settled_until = self.covered[-1].end - rules.overlap if self.covered else None
        self._away = united(coverage.away)
        self._oldest = coverage.oldest_kept
        self.blinds = (*self._uncovered(), *self._not_posted(coverage, last_events), *_jumps(self.jumps))
        self.gaps = united(Span(start=one.start, end=one.end) for one in self.blinds)

    def learned(self, at: datetime) -> datetime | None:
        """When it was known that nothing had happened until `at`."""
        index = bisect_left(self._ends, at)
        return self._learned[index] if index < len(self._learned) else None

    def hidden(self, unseen: Sequence[Span]) -> list[Span]:
        """What was only covered by windows that were read while an object could not be seen, and so left it out."""
        if not unseen:
            return []
        told: list[Span] = []
        start = 0
        for span in unseen:
            end = bisect_right(self._by_reading, span.start, key=lambda one: one.learned_at)
            read = united(Span(start=one.start, end=one.end) for one in self._by_reading[start:end])
            told += self._settled((*read, Span(start=FUTURE, end=FUTURE)))
            start = bisect_right(self._by_reading, span.end, key=lambda one: one.learned_at)
        told += [Span(start=one.start, end=one.end) for one in self._by_reading[start:]]
        seen = united(told)
        return [part for one in self.covered for part in without(one, seen)]

    def _settled(self, read: Sequence[Span]) -> tuple[Span, ...]:
        """Without what was not read again in time before a gap: late events of it may have gone into the gap."""
        settled = (Span(start=one.start, end=one.end - self.rules.overlap) for one in read[:-1])
        return united((*settled, *read[-1:]))

    def unwatched(self) -> list[Blind]:
        """Where no updates came: for what only properties tell of."""
        return [
            _uncovered(one, self._unwatched_cause(one))
            for gap in complement(self.watched)
            for one in (*within(gap, self._away), *without(gap, self._away))
        ]

    def _unwatched_cause(self, one: Span) -> Cause:
        if within(one, self._away):
            return Cause.VCENTER_AWAY
        if within(one, self.jumps):
            return Cause.CLOCK_JUMP
        return Cause.EVENTS_UNREAD if self.watched and one.start >= self.watched[-1].end else Cause.AGENT_OFF

    def _uncovered(self) -> list[Blind]:
        return [
            _uncovered(one, Cause.EVENTS_PURGED if purged else cause)
            for gap in complement(self.covered)
            for part, purged in self._at_retention(gap)
            for one, cause in self._whereabouts(part)
        ]

    def _whereabouts(self, gap: Span) -> Iterator[tuple[Span, Cause]]:
        """Why events of a gap were not read: what the agent was doing in each part of it."""
        yield from ((one, Cause.VCENTER_AWAY) for one in within(gap, self._away))
        for reached in without(gap, self._away):
            yield from ((one, Cause.EVENTS_UNREAD) for one in within(reached, self.watched))
            for one in without(reached, self.watched):
                to_come = bool(self.watched) and one.start >= self.watched[-1].end
                yield one, Cause.EVENTS_UNREAD if to_come else Cause.AGENT_OFF

    def _at_retention(self, gap: Span) -> list[tuple[Span, bool]]:
        oldest = self._oldest
        if oldest is None or oldest <= gap.start:
            return [(gap, False)]
        if oldest >= gap.end:
            return [(gap, True)]
        return [(Span(start=gap.start, end=oldest), True), (Span(start=oldest, end=gap.end), False)]

    def _not_posted(self, coverage: Coverage, last_events: Sequence[datetime]) -> list[Blind]:
        away = [
            Blind(start=one.start, end=one.end, cause=Cause.VCENTER_AWAY, complete=True, rank=1) for one in self._away
        ]
        for start, last in zip(distinct(coverage.server_starts), last_events, strict=False):
            at = start.event.created
            alive = max(last, last_instant(self.watched, at) or last)
            if alive < at:
                evidence = (event_evidence(start),)
                away.append(
                    Blind(start=alive, end=at, cause=Cause.VCENTER_AWAY, complete=True, rank=1, evidence=evidence)
                )
        return away


def _uncovered(span: Span, cause: Cause) -> Blind:
    return Blind(start=span.start, end=span.end, cause=cause, complete=False)


def _jumps(jumps: Sequence[Span]) -> list[Blind]:
    return [Blind(start=one.start, end=one.end, cause=Cause.CLOCK_JUMP, complete=True, rank=2) for one in jumps]


def _earliest_from_here_on(times: list[datetime]) -> list[datetime]:
    earliest, found = FUTURE, []
    for time in reversed(times):
        earliest = min(earliest, time)
        found.append(earliest)
    return found[::-1]
