"""Sets of whole seconds: half-open stretches of Unix time, in order, none touching the next."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import chain

Stretch = tuple[int, int]
Stretches = tuple[Stretch, ...]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
NOTHING: Stretches = ()


def second(at: datetime) -> int:
    """The first whole second at or after an instant: each second is judged by what held when it began."""
    return -((EPOCH - at) // _SECOND)


def instant(at: int) -> datetime:
    """A second as an instant in UTC."""
    return EPOCH + timedelta(seconds=at)


def united(*sets: Iterable[Stretch]) -> Stretches:
    """Every second of any of the sets; the stretches given may overlap and be in any order."""
    found: list[Stretch] = []
    for start, end in sorted(chain.from_iterable(sets)):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            if end > found[-1][1]:
                found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return tuple(found)


def common(one: Stretches, other: Stretches) -> Stretches:
    """The seconds of both sets."""
    found: list[Stretch] = []
    at, beside = 0, 0
    while at < len(one) and beside < len(other):
        start, end = max(one[at][0], other[beside][0]), min(one[at][1], other[beside][1])
        if start < end:
            found.append((start, end))
        if one[at][1] < other[beside][1]:
            at += 1
        else:
            beside += 1
    return tuple(found)


def without(one: Stretches, holes: Stretches) -> Stretches:
    """The seconds of the first set that are not in the second."""
    found: list[Stretch] = []
    beside = 0
    for start, end in one:
        left = start
        while beside < len(holes) and holes[beside][1] <= left:
            beside += 1
        index = beside
        while index < len(holes) and holes[index][0] < end:
            if holes[index][0] > left:
                found.append((left, holes[index][0]))
            left = max(left, holes[index][1])
            index += 1
        if left < end:
            found.append((left, end))
    return tuple(found)


def within(one: Stretches, start: int, end: int) -> Stretches:
    """The seconds of a set from `start` until just before `end`."""
    return common(one, ((start, end),)) if start < end else NOTHING


def total(one: Stretches) -> int:
    """How many seconds."""
    return sum(end - start for start, end in one)
