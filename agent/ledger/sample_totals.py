"""Counting every sample of an object exactly once. Pure: no clock, no database, no vCenter.

For each series a bit mask remembers which slots of the horizon were counted; bit 0 is the newest slot, `head`. A sample
whose bit is set is not counted again, however often and in whatever order it comes; a slot without a sample, or with
vCenter's -1, stays open until it leaves the horizon.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import field
from functools import lru_cache
from operator import add
from typing import NamedTuple

from agent.dataclass import dataclass
from agent.model.performance import SampleGrid

_REWIND_SLOTS = 3
"""A clock that steps back by less is a clock that is being adjusted."""


@dataclass(slots=True)
class Coverage:
    """Which slots were counted."""

    mask: int = 0
    reported: bool = False
    """Whether vCenter has ever given a sample; a counter it does not support must not keep slots open."""


@dataclass(slots=True)
class Series(Coverage):
    """One counter and instance of one object."""

    total: int = 0


Key = tuple[str, str]
"""Counter and instance, empty for the aggregate."""


@dataclass(slots=True)
class SampleTotals:
    """The counted samples of one object, mutable, owned by one thread. Samples before slot `first` are none of ours.

    Nearly always all series of an object were counted in the very same slots: one mask serves them all (`together`, its
    `keys` and their `amounts`), and a round is one addition each. Otherwise they are `apart` until all have caught up.
    """

    grid: SampleGrid
    head: int
    first: int
    lost_slots: int = 0
    changed: bool = True
    """Whether something was counted or lost since the object was last written."""
    keys: tuple[Key, ...] = ()
    """of one object the same as of the others, where they have the same series"""
    amounts: tuple[int, ...] = ()
    together: Coverage = field(default_factory=Coverage)
    apart: dict[Key, Series] = field(default_factory=dict)

    @property
    def series(self) -> dict[Key, Series]:
        """Every series as it stands."""
        mask, reported = self.together.mask, self.together.reported
        return {
            **{key: Series(mask, reported, total) for key, total in zip(self.keys, self.amounts, strict=True)},
            **self.apart,
        }

    def advance(self, slot: int, on_since: int) -> None:
        """Move the horizon so that it ends at `slot`.

        A slot that leaves the horizon without any series counted, though the object ran, is lost.

        Args:
            slot: The newest slot vCenter can have a sample of.
            on_since: First slot in which the object certainly ran throughout.
        """
        steps = slot - self.head
        if steps < -_REWIND_SLOTS:
            self._rewind(slot)
        if steps <= 0:
            return
        width = self.grid.width
        oldest_kept = slot - width + 1
        expected_from = max(on_since, self.first, self.head - width + 1)
        if expected_from < oldest_kept:
            counted = self._any_counted() >> max(0, self.head - oldest_kept + 1)
            expected = oldest_kept - expected_from
            # bit 0 of `counted` is now the newest slot that leaves and was in the horizon
            held = max(0, min(self.head + 1, oldest_kept) - expected_from)
            self.lost_slots += expected - (counted & ((1 << held) - 1)).bit_count()
        limit = (1 << width) - 1
        for one in self._coverages():
            one.mask = (one.mask << steps) & limit if steps < width else 0
            if one.reported and one.mask == 0:
                one.reported = False
        self.head = slot
        self.changed = True

    def _rewind(self, slot: int) -> None:
        """The clock of vCenter was set back. What lies before counts as done: better not counted than counted twice."""
        self.head = slot
        self.first = min(self.first, slot)
        for one in self._coverages():
            one.mask = (1 << self.grid.width) - 1
        self.changed = True

    def open_from(self, earliest: int) -> int:
        """The oldest slot, not before `earliest`, that some reported series still lacks; head + 1 if there is none."""
        span = min(self.head - max(earliest, self.first) + 1, self.grid.width)
        if span <= 0:
            return self.head + 1
        whole = closed = (1 << span) - 1
        reported = False
        for one in self._coverages():
            if one.reported:
                reported = True
                closed &= one.mask
        if not reported:
            closed &= self._any_counted()
        missing = ~closed & whole
        return self.head - missing.bit_length() + 1 if missing else self.head + 1

    def count(self, name: str, instance: str, samples: Iterable[tuple[int, int]]) -> None:
        """Count samples that were not counted before.

        Args:
            name: The counter's name.
            instance: The instance, empty for the aggregate.
            samples: (slot, amount); amounts below zero are vCenter's "no sample".

        Raises:
            ValueError: a slot is newer than `head`; call `advance` first.
        """
        one = self._taken_apart((name, instance))
        width = self.grid.width
        for slot, amount in samples:
            age = self.head - slot
            if age < 0:
                raise ValueError(f"slot {slot} is ahead of the horizon's end {self.head}")
            if amount < 0 or age >= width or slot < self.first:
                continue
            bit = 1 << age
            if not one.mask & bit:
                one.mask |= bit
                one.total += amount
                one.reported = True
                self.changed = True

    def count_all(self, name: str, instance: str, slots: "Slots", amounts: Sequence[int], factor: int) -> None:
        """As `count`, with one addition where every slot is new.

        Args:
            name: The counter's name.
            instance: The instance, empty for the aggregate.
            slots: Of the amounts, in their order; made by `slots_of` with this object's `head`.
            amounts: What the samples say, below zero for "no sample".
            factor: What each is worth: the interval's seconds for a rate.
        """
        one = self._taken_apart((name, instance))
        if one.mask & slots.bits or not self._all_count(slots) or min(amounts) < 0:
            pairs = zip(slots.slots, amounts, strict=True)
            self.count(name, instance, ((slot, amount * factor if amount > 0 else amount) for slot, amount in pairs))
            return
        one.mask |= slots.bits
        one.total += sum(amounts) * factor
        one.reported = self.changed = True

    def count_row(self, keys: tuple[Key, ...], slots: "Slots", amounts: Iterable[int]) -> bool:
        """Count many series at once, for the common case that every slot is new to all of them.

        Args:
            keys: The series.
            slots: What each of them has a sample of; made by `slots_of` with this object's `head`.
            amounts: For each series, what all of these samples add up to.

        Returns:
            False if they have to be counted one by one: nothing was counted.
        """
        if not self._all_count(slots) or (keys is not self.keys and not self.bring_together(keys)):
            return False
        if self.together.mask & slots.bits:
            return False
        self.together.mask |= slots.bits
        self.amounts = tuple(map(add, self.amounts, amounts))
        self.together.reported = self.changed = True
        return True

    def _all_count(self, slots: "Slots") -> bool:
        return slots.plain and slots.oldest >= self.first

    def bring_together(self, keys: tuple[Key, ...]) -> bool:
        """Make these the series that one mask serves. False if they were not all counted in the same slots."""
        if keys == self.keys:
            self.keys = keys  # the same object for all objects of a kind
            return True
        if not self.keys and not self.apart:
            self.keys, self.amounts, self.together = keys, (0,) * len(keys), Coverage()
            return True
        known = self.series
        found = [known.pop(key, _NEVER) for key in keys]
        mask, reported = (found[0].mask, found[0].reported) if found else (0, False)
        if any(one.mask != mask or one.reported != reported for one in found):
            return False
        self.keys, self.amounts = keys, tuple(one.total for one in found)
        self.together, self.apart = Coverage(mask, reported), known
        return True

    def _taken_apart(self, key: Key) -> Series:
        """One series, once each has a mask of its own."""
        if self.keys:
            self.apart, self.keys, self.amounts, self.together = self.series, (), (), Coverage()
        return self.apart.setdefault(key, Series())

    def _coverages(self) -> Iterable[Coverage]:
        return (self.together, *self.apart.values()) if self.keys else self.apart.values()

    def _any_counted(self) -> int:
        counted = 0
        for one in self._coverages():
            counted |= one.mask
        return counted


_NEVER = Series()
"""A series of which nothing was counted; never altered."""


class Slots(NamedTuple):
    """The slots of one answer, prepared for counting many series of many objects."""

    slots: tuple[int, ...]
    bits: int
    """in the mask of an object whose horizon ends at the `head` it was made for"""
    oldest: int
    plain: bool
    """whether all lie within the horizon, each once"""


def slots_of(grid: SampleGrid, head: int, times: Iterable[int]) -> Slots:
    """Prepare sample times (epoch seconds) for an object whose horizon ends at `head`."""
    slots = tuple(map(grid.slot, times))
    bits = 0
    for slot in slots:
        if 0 <= head - slot < grid.width:
            bits |= 1 << (head - slot)
    return Slots(slots, bits, min(slots, default=head), bits.bit_count() == len(slots))


def to_json(totals: SampleTotals) -> str:
    """The state as one line of text, series grouped by their masks (which mostly are the same)."""
    groups = [_group(totals.together, totals.keys) % totals.amounts] if totals.keys else []
    apart: dict[tuple[int, bool], list[Key]] = {}
    for key, one in totals.apart.items():
        apart.setdefault((one.mask, one.reported), []).append(key)
    groups += (
        _group(Coverage(*coverage), tuple(keys)) % tuple(totals.apart[key].total for key in keys)
        for coverage, keys in apart.items()
    )
    return f'{{"head":{totals.head},"first":{totals.first},"lost":{totals.lost_slots},"groups":[{",".join(groups)}]}}'


def _group(coverage: Coverage, keys: tuple[Key, ...]) -> str:
    reported = "true" if coverage.reported else "false"
    return f'["{coverage.mask:x}",{reported},{_members(keys)}]'


@lru_cache(maxsize=1024)
def _members(keys: tuple[Key, ...]) -> str:
    """JSON of some series with a place for each total; objects mostly have the same. Filling in costs an eighth of writing."""
    names = (",".join(map(json.dumps, key)).replace("%", "%%") for key in keys)
    return f"[{','.join(f'[{name},%d]' for name in names)}]"


def from_json(grid: SampleGrid, text: str) -> SampleTotals:
    """The state that `to_json` wrote.

    Raises:
        ValueError: it is not such a text.
    """
    try:
        data = json.loads(text)
        totals = SampleTotals(grid, int(data["head"]), int(data["first"]), lost_slots=int(data["lost"]), changed=False)
        for mask, reported, members in data["groups"]:
            for name, instance, total in members:
                totals.apart[str(name), str(instance)] = Series(int(mask, 16), bool(reported), int(total))
            if not totals.keys and reported:
                totals.bring_together(_shared(tuple((str(name), str(instance)) for name, instance, _ in members)))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a state of sample totals: {error}") from error
    return totals


@lru_cache(maxsize=1024)
def _shared(keys: tuple[Key, ...]) -> tuple[Key, ...]:
    """The same object for equal ones."""
    return keys
