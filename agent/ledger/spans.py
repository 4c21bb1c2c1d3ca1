"""Half-open stretches of time: united, subtracted, searched."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from agent.model.evidence import Span

PAST = datetime(1970, 1, 1, tzinfo=UTC)
FUTURE = datetime(9999, 1, 1, tzinfo=UTC)
"""Before and after everything that is ever recorded."""


def united(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same instants in ordered spans that do not touch."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, one.end)):
        if span.end <= span.start:
            continue
        if found and span.start <= found[-1].end:
            if span.end > found[-1].end:
                found[-1] = Span(start=found[-1].start, end=span.end)
        else:
            found.append(Span(start=span.start, end=span.end))
    return tuple(found)


def without(span: Span, holes: Sequence[Span]) -> list[Span]:
    """What is left of a span; `holes` in order."""
    left, start = [], span.start
    first = bisect_right(holes, span.start, key=lambda hole: hole.end)
    for hole in holes[first:]:
        if hole.start >= span.end:
            break
        if hole.start > start:
            left.append(Span(start=start, end=hole.start))
        start = max(start, hole.end)
    if start < span.end:
        left.append(Span(start=start, end=span.end))
    return left


def within(span: Span, spans: Sequence[Span]) -> list[Span]:
    """The parts of ordered `spans` that lie in `span`."""
    found = []
    first = bisect_right(spans, span.start, key=lambda one: one.end)
    for one in spans[first:]:
        if one.start >= span.end:
            break
        found.append(Span(start=max(one.start, span.start), end=min(one.end, span.end)))
    return found


def complement(spans: Sequence[Span]) -> list[Span]:
    """All of time without ordered `spans`."""
    return without(Span(start=PAST, end=FUTURE), spans)


def holding(spans: Sequence[Span], at: datetime) -> Span | None:
    """The one of ordered, separate `spans` that `at` lies in."""
    index = bisect_right(spans, at, key=lambda one: one.start) - 1
    return spans[index] if index >= 0 and at < spans[index].end else None


def last_instant(spans: Sequence[Span], before: datetime) -> datetime | None:
    """The end of what ordered `spans` hold before this time."""
    index = bisect_left(spans, before, key=lambda one: one.start) - 1
    return min(before, spans[index].end) if index >= 0 else None
