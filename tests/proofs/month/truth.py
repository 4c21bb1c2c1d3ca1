"""What really happened, written down by the story that makes it happen; nothing here comes from the agent."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

ON, OFF, SUSPENDED, ABSENT = "on", "off", "suspended", "absent"
EVERYBODY = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """From `start` until just before `end`, on vCenter's clock."""

    start: datetime
    end: datetime
    state: str

    @property
    def seconds(self) -> float:
        return (self.end - self.start).total_seconds()


@dataclass(slots=True)
class Excuse:
    """Why nobody could know. An open one has no end yet."""

    start: datetime
    end: datetime | None
    why: str


@dataclass
class Truth:
    """By `vm_id`. Power is told apart from the guest: a guest is silent while the power is on."""

    power: dict[str, list[tuple[datetime, str]]] = field(default_factory=lambda: defaultdict(list))
    silences: dict[str, list[list[datetime | None]]] = field(default_factory=lambda: defaultdict(list))
    excuses: dict[str, list[Excuse]] = field(default_factory=lambda: defaultdict(list))
    jumps: list[tuple[datetime, datetime]] = field(default_factory=list)
    """what vCenter's clock skipped or told twice"""
    users: dict[tuple[str, datetime], str] = field(default_factory=dict)
    """who switched a VM off at that moment"""
    told: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """how often each kind of thing happened"""

    def without_the_first_stop(self) -> "Truth":
        """What is not true: to see that a comparison notices."""
        power = {vm_id: list(changes) for vm_id, changes in self.power.items()}
        first = min((at, vm_id) for vm_id, changes in power.items() for at, state in changes[1:] if state == OFF)
        power[first[1]] = [one for one in power[first[1]] if one[0] != first[0]]
        return replace(self, power=power)

    def turn(self, vm_id: str, at: datetime, state: str) -> None:
        if not self.power[vm_id] or self.power[vm_id][-1][1] != state:
            self.power[vm_id].append((at, state))
        if state != ON:
            self.awake(vm_id, at)

    def silent(self, vm_id: str, at: datetime) -> None:
        if not self.silences[vm_id] or self.silences[vm_id][-1][1] is not None:
            self.silences[vm_id].append([at, None])

    def awake(self, vm_id: str, at: datetime) -> None:
        if self.silences[vm_id] and self.silences[vm_id][-1][1] is None:
            self.silences[vm_id][-1][1] = at

    def excuse(self, who: str, start: datetime, end: datetime | None, why: str) -> Excuse:
        """`who` is a VM, or EVERYBODY."""
        made = Excuse(start, end, why)
        self.excuses[who].append(made)
        return made

    def line(self, vm_id: str, start: datetime, end: datetime) -> Iterator[Piece]:
        """The power of one VM in [start, end)."""
        changes = [*self.power[vm_id], (end, "")]
        for (begin, state), (stop, _) in pairwise(changes):
            piece = Piece(max(begin, start), min(stop, end), state)
            if piece.start < piece.end:
                yield piece

    def silent_spans(self, vm_id: str, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        spans = ((begin, stop or end) for begin, stop in self.silences[vm_id] if begin is not None)
        cut = [(max(begin, start), min(stop, end)) for begin, stop in spans]
        return [one for one in cut if one[0] < one[1]]

    def excused(self, vm_id: str, end: datetime) -> list[tuple[datetime, datetime]]:
        """The times in which nothing could be known of a VM, joined."""
        every = [*self.excuses[EVERYBODY], *self.excuses[vm_id]]
        return joined([(one.start, one.end or end) for one in every])


def joined(spans: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    found: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif start < end:
            found.append((start, end))
    return found


def without(start: datetime, end: datetime, spans: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """What is left of [start, end); `spans` are joined."""
    left, at = [], start
    for begin, stop in spans:
        if stop <= at or begin >= end:
            continue
        if begin > at:
            left.append((at, begin))
        at = max(at, stop)
    if at < end:
        left.append((at, end))
    return left


def overlap_s(start: datetime, end: datetime, spans: list[tuple[datetime, datetime]]) -> float:
    return sum(max(timedelta(), min(end, stop) - max(start, begin)).total_seconds() for begin, stop in spans)
