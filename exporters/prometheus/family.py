"""A metric as data: its name, what it means, which vCenter property it is read from, and how its samples are made."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from agent.dataclass import dataclass
from agent.model.about import About
from agent.model.alarm import TriggeredAlarm
from agent.model.licence import Licence
from agent.model.property import Field, Pace, fields_of

T = TypeVar("T")

Sample: TypeAlias = tuple[tuple[str | None, ...], float | bool | None]
"""The values of the family's own labels, and the value. No value: no sample. A label without a value is left out."""

KIB, MIB, GIB = 1024, 1024**2, 1024**3
MHZ = 1_000_000
MBIT_PER_S = 125_000
"""bytes per second"""

_READ_FROM: Mapping[type, str] = {
    About: "ServiceContent.about",
    Licence: "LicenseManager.licenses",
    TriggeredAlarm: "ManagedEntity.triggeredAlarmState",
}
"""Records that are no managed objects."""


class Kind(Enum):
    """The metric types that are served; state sets are gauges, as their label would have to carry the metric's name."""

    GAUGE = "gauge"
    COUNTER = "counter"
    INFO = "info"


class Origin(NamedTuple):
    """Where a value comes from: what HELP prints, and how often vCenter is asked (None: it is the agent's own)."""

    text: str
    pace: Pace | None


AGENT = (Origin("agent", None),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Family(Generic[T]):
    """One metric. `samples` makes its samples from one object; `labels` come after those that identify the object."""

    name: str
    help: str
    source: tuple[Origin, ...]
    samples: Callable[[T], Iterable[Sample]]
    kind: Kind = Kind.GAUGE
    labels: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    """For a state set: the states that are always there."""
    reads: frozenset[str] | None = None
    """The fields of the record that its samples are made from; None: any, so it is written anew with every change."""

    @property
    def documentation(self) -> str:
        """HELP: the meaning, then the source in brackets."""
        return f"{self.help} [{', '.join(origin.text for origin in self.source)}]"

    @property
    def openmetrics_name(self) -> str:
        """OpenMetrics names the family of a counter or an info without the suffix of its samples."""
        match self.kind:
            case Kind.COUNTER:
                return self.name.removesuffix("_total")
            case Kind.INFO:
                return self.name.removesuffix("_info")
            case _:
                return self.name

    def stale(self, stale: frozenset[Pace]) -> bool:
        """Whether nothing this family is made of was refreshed in time."""
        return all(origin.pace in stale for origin in self.source)


@cache
def _fields(record: type) -> Mapping[str, Field]:
    return {field.name: field for field in fields_of(record)}


def origin(record: type, field: str) -> Origin:
    """The source of a model field; `field` may lead into a nested record: `usage.cpu_demand_mhz`.

    Raises:
        KeyError: the model has no such field.
    """
    steps = [getattr(record, "vsphere_type", "").rpartition(".")[2] or _READ_FROM[record]]
    pace = None
    for step in field.split("."):
        found = _fields(record)[step]
        pace = pace or found.source.pace
        steps.append(re.sub(r"\[[^\]]*\]", "", found.source.path).strip("."))
        if is_dataclass(found.element):
            record = found.element
    return Origin(".".join(steps), pace)


def origins(record: type, *fields: str) -> tuple[Origin, ...]:
    """The sources of several fields of one record."""
    return tuple(origin(record, field) for field in fields)


def gauge(record: type[T], name: str, explanation: str, field: str, *, times: float = 1) -> Family[T]:
    """A number, a truth or a time, as it stands in one field; `times` turns vCenter's unit into the base unit."""
    return Family(
        name=name,
        help=explanation,
        source=origins(record, field),
        samples=_one(field, times),
        reads=_top(field),
    )


def counter(record: type[T], name: str, explanation: str, field: str) -> Family[T]:
    """A number that vCenter only ever increases, from one field."""
    return Family(
        name=name,
        help=explanation,
        source=origins(record, field),
        samples=_one(field, 1),
        kind=Kind.COUNTER,
        reads=_top(field),
    )


def limit(record: type[T], name: str, explanation: str, field: str, *, times: float) -> Family[T]:
    """A limit as it stands in one field; vCenter's -1 means that there is none, which is +Inf."""
    read = _reader(field)

    def samples(item: T) -> Iterable[Sample]:
        value = read(item)
        if value is None:
            return ()
        return (((), float("inf") if value < 0 else value * times),)

    return Family(
        name=name,
        help=f"{explanation}; +Inf where there is none.",
        source=origins(record, field),
        samples=samples,
        reads=_top(field),
    )


def state_set(
    record: type[T], name: str, explanation: str, field: str, *, states: tuple[str, ...], complete: bool = True
) -> Family[T]:
    """One sample a state, 1 for the one that holds. A state outside the set adds a sample of its own while it lasts.

    Not `complete` is for sets whose rare states would cost every VM a series.
    """
    read = _reader(field)
    known = {held: tuple(((state,), state == held) for state in states) for held in states}

    def samples(item: T) -> Iterable[Sample]:
        value = read(item)
        if value is None:
            return ()
        return known.get(value) or (*(((state,), False) for state in states), ((value,), True))

    rare = "" if complete else " Other states are there while they last."
    return Family(
        name=name,
        help=f"{explanation}{rare}",
        source=origins(record, field),
        samples=samples,
        labels=("state",),
        states=states,
        reads=_top(field),
    )


def info(record: type[T], name: str, explanation: str, **labels: str) -> Family[T]:
    """A constant 1 with labels that describe the object: `label="field"`."""
    readers = tuple(_reader(field) for field in labels.values())

    def samples(item: T) -> Iterable[Sample]:
        return ((tuple(_text(read(item)) for read in readers), 1),)

    return Family(
        name=name,
        help=explanation,
        source=origins(record, *(field for field in labels.values() if field != "moid")),
        samples=samples,
        kind=Kind.INFO,
        labels=tuple(labels),
        reads=_top(*labels.values()),
    )


def _top(*fields: str) -> frozenset[str]:
    return frozenset(field.partition(".")[0] for field in fields)


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def _reader(field: str) -> Callable[[Any], Any]:
    if "." not in field:
        return attrgetter(field)
    outer, inner = (attrgetter(step) for step in field.split("."))

    def read(item: Any) -> Any:
        nested = outer(item)
        return None if nested is None else inner(nested)

    return read


def _one(field: str, times: float) -> Callable[[Any], Iterable[Sample]]:
    read = _reader(field)

    def samples(item: Any) -> Iterable[Sample]:
        value = read(item)
        if value is None:
            return ()
        if isinstance(value, datetime):
            return (((), value.timestamp()),)
        return (((), value * times),)

    return samples
