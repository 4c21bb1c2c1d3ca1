"""The catalogue: every file in `agent/health/checks` is one check, and its docstring is the runbook.

A check is a generator function, from one object (and, if it has a parameter `look`, everything else) to its faults;
what follows `*` are its thresholds with their defaults. See CONTRIBUTING.md, "Adding a health check".
"""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, TypeAlias

from agent.dataclass import dataclass
from agent.health import checks
from agent.health.example import Example, Given
from agent.health.subjects import Kind, When
from agent.model.health import Fault, State
from agent.model.property import Source, fields_of

Faults: TypeAlias = Iterator[Fault]
Threshold: TypeAlias = float | bool | str | tuple[str, ...]

_PLAIN = (bool, int, float, str, datetime)
_SECTIONS = ("Meaning", "Impact", "Ask the vendor")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Check:
    """One check: what it is called, what it reads, when it applies, what it finds."""

    name: str
    title: str
    meaning: str
    impact: str
    ask: str
    kind: Kind
    """the objects it looks at"""
    about: Kind
    """the objects that its faults lie on: the same, but where it compares hosts or reads events"""
    states: tuple[State, ...]
    """what its faults can be, the mildest first"""
    needs: tuple[str, ...]
    """fields of the object without which nothing can be said"""
    sees: tuple[str, ...]
    """fields for which no value is a value too: it must only not be refused or stale"""
    counters: tuple[str, ...]
    """performance counters of the object, as their means over the last quarter of an hour"""
    events: frozenset[str]
    """kinds of events"""
    also: tuple[str, ...]
    """properties of other objects, in the words of the catalogue"""
    when: When | None
    since_api: str | None
    """the version of the API that has what it needs; before, it is not applicable"""
    of_ledger: bool
    """whether it looks at the past that the ledger keeps; where there is none, it is not made"""
    privilege: str
    lasting: timedelta
    """how long a finding has to stand before somebody is told"""
    thresholds: Mapping[str, Threshold]
    find: Callable[..., Faults]
    takes_look: bool
    examples: list[Example] = field(default_factory=list)

    @property
    def sources(self) -> tuple[str, ...]:
        """Every property it is made from, as `VirtualMachine.runtime.powerState`."""
        own = dict.fromkeys((*(self.when.fields if self.when else ()), *self.needs, *self.sees))
        return (
            *(source_words(self.kind.record, name) for name in own),
            *(f"QueryPerf {counter}" for counter in self.counters),
            *(f"event {kind}" for kind in sorted(self.events)),
            *self.also,
        )

    def fires(self, *others: Any, given: Given | None = None, **fields: Any) -> None:
        """An example that must be found: the object's fields, and other objects beside it."""
        self._example(others, given, fields, fires=True)

    def silent(self, *others: Any, given: Given | None = None, **fields: Any) -> None:
        """An example that must be ok."""
        self._example(others, given, fields, fires=False)

    def _example(self, others: tuple[Any, ...], given: Given | None, fields: dict[str, Any], *, fires: bool) -> None:
        applies = dict(self.when.example) if self.when else {}
        example = Example(
            fields={**applies, **fields}, shown=fields, others=others, given=given or Given(), fires=fires
        )
        self.examples.append(example)


def check(
    kind: Kind,
    *states: State,
    needs: Iterable[str] = (),
    sees: Iterable[str] = (),
    counters: Iterable[str] = (),
    events: Iterable[str] = (),
    also: Iterable[str] = (),
    when: When | None = None,
    since_api: str | None = None,
    of_ledger: bool = False,
    privilege: str = "System.Read",
    about: Kind | None = None,
    lasting_minutes: float = 0,
) -> Callable[[Callable[..., Faults]], Check]:
    """Make a check of a function; its name is the check's, its docstring has the title and the three sections.

    Raises:
        ValueError: a section is missing, or a field is not the object's.
    """
    needed, seen = tuple(needs), tuple(sees)

    def make(find: Callable[..., Faults]) -> Check:
        title, sections = _runbook(find)
        parameters = inspect.signature(find).parameters
        for name in (*needed, *seen, *(when.fields if when else ())):
            source_of_field(kind.record, name)
        return Check(
            name=find.__name__,
            title=title,
            meaning=sections[0],
            impact=sections[1],
            ask=sections[2],
            kind=kind,
            about=about or kind,
            states=states,
            needs=needed,
            sees=seen,
            counters=tuple(counters),
            events=frozenset(events),
            also=tuple(also),
            when=when,
            since_api=since_api,
            of_ledger=of_ledger,
            privilege=privilege,
            lasting=timedelta(minutes=lasting_minutes),
            thresholds={
                name: parameter.default
                for name, parameter in parameters.items()
                if parameter.kind is inspect.Parameter.KEYWORD_ONLY
            },
            find=find,
            takes_look="look" in parameters,
        )

    return make


def _runbook(find: Callable[..., Faults]) -> tuple[str, tuple[str, ...]]:
    text = inspect.cleandoc(find.__doc__ or "")
    title, _, rest = text.partition("\n")
    parts = re.split(rf"^({'|'.join(_SECTIONS)}): ", rest.strip(), flags=re.MULTILINE)
    if tuple(parts[1::2]) != _SECTIONS or not title:
        raise ValueError(f"{find.__name__}: the docstring has a title, then the paragraphs {', '.join(_SECTIONS)}")
    if title.startswith("VCenter"):  # a docstring begins with a capital, the product does not
        title = f"v{title[1:]}"
    return title.strip().removesuffix("."), tuple(" ".join(part.split()) for part in parts[2::2])


@cache
def source_of_field(record: type, name: str) -> Source:
    """Where a field of the model is read from.

    Raises:
        ValueError: the record has no such field.
    """
    for one in fields_of(record):
        if one.name == name:
            return one.source
    raise ValueError(f"{record.__name__} has no field {name} that is read from vCenter")


@cache
def are_plain(record: type, names: tuple[str, ...]) -> bool:
    """Whether all of these fields hold single plain values."""
    fields = {one.name: one for one in fields_of(record)}
    return all(not fields[name].many and fields[name].element in _PLAIN for name in names)


@cache
def source_words(record: type, name: str) -> str:
    """The source as people read it: `HostSystem.runtime.connectionState`."""
    path = re.sub(r"\[[^\]]*\]", "", source_of_field(record, name).path).strip(".")
    owner = getattr(record, "vsphere_type", "").rpartition(".")[2]
    return f"{owner}.{path}" if owner else path


@cache
def catalogue() -> Mapping[str, Check]:
    """Every check by its name, in alphabetical order.

    Raises:
        TypeError: a file holds no check of its own name.
    """
    found = {}
    for module in sorted(module.name for module in iter_modules(checks.__path__)):
        one = getattr(import_module(f"{checks.__name__}.{module}"), module, None)
        if not isinstance(one, Check):
            raise TypeError(f"agent/health/checks/{module}.py defines no check called {module}")
        found[module] = one
    return found


@cache
def counters_looked_at() -> Mapping[str, tuple[str, ...]]:
    """The performance counters that checks look at, by kind of object."""
    found: dict[str, dict[str, None]] = {}
    for one in catalogue().values():
        found.setdefault(one.kind.name, {}).update(dict.fromkeys(one.counters))
    return {kind: tuple(names) for kind, names in found.items() if names}
