"""What one run of the checks leaves for the next: objects that were well and have not changed are not judged again.

Of 1,000 VMs hardly one changes from minute to minute in what is pushed, though nearly all of them do in their usage. This
is kept only of checks that read nothing but the object's own fields: no clock, no counter, no event, no other object;
a test watches them read. What was not well is judged each time, so that its evidence bears the time of now.
"""

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any

from agent.health.catalogue import Check, source_of_field
from agent.health.look import Look
from agent.health.settings import CheckSettings, HealthSettings
from agent.health.subjects import KINDS, Kind
from agent.model.property import Pace


def fields_judged(check: Check) -> tuple[str, ...]:
    """The fields of the object that a check names."""
    return tuple(dict.fromkeys((*check.needs, *check.sees, *(check.when.fields if check.when else ()))))


def is_of_object_alone(check: Check) -> bool:
    """Whether nothing decides but fields of the object that do not change all the time."""
    looks = check.takes_look or check.counters or check.events or check.also or check.of_ledger
    if looks or check.kind.slot is None or not fields_judged(check):
        return False
    return all(source_of_field(check.kind.record, name).pace is not Pace.QUICK for name in fields_judged(check))


class KeptVerdicts:
    """Of one vCenter and its last run that came to an end. Of one thread."""

    def __init__(self) -> None:
        self._checks: Mapping[str, CheckSettings] = {}
        self._values: Mapping[str, Mapping[str, Any]] = {}
        self._unwell: Mapping[str, frozenset[str]] = {}
        self._readers: dict[str, Callable[[Any], Any]] = {}

    def begin(self, look: Look, settings: HealthSettings, checks: Iterable[Check]) -> "KeptRun":
        """What the next run may leave out. Nothing of this is altered before `end`."""
        alone = [check for check in checks if is_of_object_alone(check)]
        if not self._readers:
            for kind in KINDS:
                fields = {name: None for check in alone if check.kind is kind for name in fields_judged(check)}
                if fields:
                    self._readers[kind.name] = attrgetter(*fields)
        valid = settings.checks == self._checks
        return KeptRun(look, alone, self._readers, self._values if valid else {}, self._unwell if valid else {})

    def end(self, run: "KeptRun", settings: HealthSettings) -> None:
        """The run has made its report."""
        self._checks, self._values, self._unwell = settings.checks, run.values, run.unwell


class KeptRun:
    """One run: what is still known from the one before, and what the next one will know."""

    def __init__(
        self,
        look: Look,
        alone: Iterable[Check],
        readers: Mapping[str, Callable[[Any], Any]],
        before: Mapping[str, Mapping[str, Any]],
        unwell: Mapping[str, frozenset[str]],
    ) -> None:
        self.values: dict[str, Mapping[str, Any]] = {
            kind.name: dict(zip(items, map(readers[kind.name], items.values()), strict=True))
            for kind in KINDS
            if kind.slot and kind.name in readers
            for items in (getattr(look.inventory, kind.slot),)
        }
        self.unwell: dict[str, frozenset[str]] = {}
        self._alone = frozenset(check.name for check in alone)
        self._before, self._unwell_before = before, unwell
        self._unchanged: dict[str, frozenset[str]] = {}
        self._touched: dict[int, tuple[list[Any], list[int], dict[str, int]]] = {}

    def to_judge(self, check: Check, items: list[Any]) -> list[Any]:
        """Those that must be judged, in their order; the others are well.

        Args:
            check: Any check.
            items: What it applies to: one list for all checks of a kind and condition.
        """
        unwell = self._unwell_before.get(check.name)
        if unwell is None or check.name not in self._alone:
            return items
        known = self._touched.get(id(items))
        if known is None:
            unchanged = self._unchanged_of(check.kind)
            touched = [place for place, item in enumerate(items) if item.moid not in unchanged]
            known = self._touched[id(items)] = (items, touched, {item.moid: place for place, item in enumerate(items)})
        _, touched, places = known
        if unwell:
            touched = sorted({*touched, *(places[moid] for moid in unwell if moid in places)})
        return [items[place] for place in touched]

    def judged(self, check: Check, unwell: Iterable[str]) -> None:
        """Take note of which objects were not well, by their moids; all the others that it applies to are."""
        if check.name in self._alone:
            self.unwell[check.name] = frozenset(unwell)

    def _unchanged_of(self, kind: Kind) -> frozenset[str]:
        found = self._unchanged.get(kind.name)
        if found is None:
            before = self._before.get(kind.name, {})
            found = self._unchanged[kind.name] = frozenset(
                moid for moid, values in self.values[kind.name].items() if moid in before and before[moid] == values
            )
        return found
