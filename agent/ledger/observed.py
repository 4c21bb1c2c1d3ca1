"""Values that were read: what they prove at an instant, and for how long.

Only changes are recorded. A value therefore also holds at every later instant at which the stream of updates ran, up to
the next record of it; while the stream does not run, nothing is claimed.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import zip_longest

from agent.dataclass import dataclass
from agent.ledger.knowledge import Knowledge
from agent.ledger.spans import FUTURE, PAST, holding, last_instant, within
from agent.model.availability import Evidence, EvidenceKind
from agent.model.evidence import GONE, PRESENT, SEEN, Observation, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A value from when it was read until (`until`) another was, or the object went out of view."""

    value: str | datetime | None
    at: datetime
    until: datetime
    observation: Observation

    def evidence(self, at: datetime | None = None, about: str | None = None) -> Evidence:
        """The value, as read at its own time or, because it had not changed, confirmed `at` a later one."""
        learned = self.observation.learned_at
        return Evidence(
            kind=EvidenceKind.PROPERTY,
            name=self.observation.path,
            at=at or self.at,
            learned_at=max(learned, at) if at else learned,
            value=self.value.isoformat() if isinstance(self.value, datetime) else str(self.value),
            about=about,
        )


def by_path(observations: Iterable[Observation]) -> dict[str, list[Held]]:
    """The values of every path, in order, without mere repetitions; a value is not held while the object is out of view."""
    ordered: dict[str, list[Observation]] = {}
    for one in sorted(set(observations), key=lambda one: (one.sequence, one.at, one.learned_at, str(one.value))):
        ordered.setdefault(one.path, []).append(one)
    gone = [(one.sequence, one.at) for one in ordered.get(PRESENT, ()) if one.value == GONE]
    held: dict[str, list[Held]] = {}
    for path, read in ordered.items():
        for one, following in zip(read, [*read[1:], None], strict=True):
            until = max(one.at, following.at) if following else FUTURE
            if path != PRESENT:
                left = bisect_right(gone, (one.sequence, one.at))
                until = min(until, max(one.at, gone[left][1])) if left < len(gone) else until
            values = held.setdefault(path, [])
            if values and values[-1].value == one.value and values[-1].until == one.at:
                last = values[-1]
                values[-1] = Held(value=last.value, at=last.at, until=until, observation=last.observation)
            else:
                values.append(Held(value=one.value, at=one.at, until=until, observation=one))
    return held


def unseen(held: Sequence[Held], knowledge: Knowledge) -> list[Span]:
    """When an object could not be seen, on the agent's clock, as windows are read; no record of it means always seen."""
    spans: list[Span] = []
    if held and held[0].value == SEEN and not _seen_from_the_start(held[0], knowledge):
        spans.append(Span(start=PAST, end=held[0].observation.learned_at))
    for gone, back in zip_longest(held, held[1:]):
        if gone is None or gone.value != GONE:
            continue
        left = gone.observation.learned_at
        watch = _watch_at(knowledge, gone.at)
        if watch is not None and watch.start < gone.at:
            start = left - knowledge.rules.latency
        else:
            ended = _watch_end_before(knowledge, gone.at)
            start = left if ended is None else left - (gone.at - ended)
        spans.append(Span(start=start, end=FUTURE if back is None else max(back.observation.learned_at, left)))
    return spans


def _seen_from_the_start(seen: Held, knowledge: Knowledge) -> bool:
    """Whether the object was there when the agent looked for the first time."""
    watch = _watch_at(knowledge, seen.at)
    return (watch is None or watch.start == seen.at) and _watch_end_before(knowledge, seen.at) is None


def _watch_at(knowledge: Knowledge, at: datetime) -> Span | None:
    return holding(knowledge.streams, at)


def _watch_end_before(knowledge: Knowledge, at: datetime) -> datetime | None:
    index = bisect_right(knowledge.streams, at, key=lambda one: one.end) - 1
    return knowledge.streams[index].end if index >= 0 else None


def confirmations(held: Held, knowledge: Knowledge, more: Iterable[datetime] = ()) -> Iterator[datetime]:
    """The instants at which a value is known: when read, when the stream began again, and those of `more` in the stream."""
    yield held.at
    for watch in within(Span(start=held.at, end=held.until), knowledge.watched):
        if watch.start > held.at:
            yield watch.start
    for at in more:
        if held.at < at < held.until and last_instant(knowledge.watched, at) == at:
            yield at


def last_known(held: Held, knowledge: Knowledge) -> datetime:
    """The last instant at which the value is known to hold."""
    known = last_instant(knowledge.watched, held.until)
    return max(held.at, min(held.until, known)) if known is not None else held.at


def missed_since(at: datetime, known: datetime, gaps: Sequence[Span]) -> datetime:
    """When a change that was found at `at`, and that no event tells of, may have happened: in the last gap.

    `known` is the last instant at which it had not happened; without a gap since then it happened unnoticed after it.
    """
    index = bisect_left(gaps, at, key=lambda one: one.start) - 1
    gap = gaps[index].start if index >= 0 and gaps[index].end > known else PAST
    return min(at, max(known, gap))
