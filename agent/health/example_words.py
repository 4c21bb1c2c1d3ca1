"""Worked examples in words: what the small world of an example is like, for the reference of the checks."""

import dataclasses
from collections.abc import Iterator
from typing import Any

from agent.health.evidence import value_words
from agent.health.example import NOON, Example
from agent.health.wording import length

_MOST_ITEMS = 3
_MOST_FIELDS = 6
_LONGEST = 60


def example_words(example: Example) -> str:
    """The fields that matter, the counters and events, and what stands beside the object."""
    parts = [f"{name} = {_value(value)}" for name, value in example.shown.items()]
    given = example.given
    parts += [f"{name} = {mean:g} on average" for name, mean in (given.counters or {}).items()]
    parts += [f"event {event.kind} {length(NOON - event.created)} ago" for event in given.events or ()]
    for extra in (given.inventory or {}, given.target or {}):
        parts += [f"{name} = {_value(value)}" for name, value in extra.items()]
    parts += _beside(example.others)
    return "; ".join(parts) or "nothing of the kind"


def _beside(others: tuple[Any, ...]) -> Iterator[str]:
    for other in others[:_MOST_ITEMS]:
        yield f"{type(other).__name__} {other.name or other.moid} with {_fields(other, 'moid', 'name')}"
    if len(others) > _MOST_ITEMS:
        yield f"{len(others) - _MOST_ITEMS} more like that"


def _value(value: Any) -> str:
    match value:
        case str() if len(value) > _LONGEST:
            return f"{value[: _LONGEST - 1]}…".replace("\n", " ")
        case dict():
            return ", ".join(f"{name}: {_value(item)}" for name, item in list(value.items())[:_MOST_ITEMS])
        case tuple() if value and any(dataclasses.is_dataclass(one) for one in value):
            more = f" and {len(value) - _MOST_ITEMS} more" if len(value) > _MOST_ITEMS else ""
            return ", ".join(_value(one) for one in value[:_MOST_ITEMS]) + more
        case _ if dataclasses.is_dataclass(value):
            return f"({_fields(value)})"
        case _:
            return value_words(value)


def _fields(record: Any, *hidden: str) -> str:
    known = [
        f"{field.name} {_value(getattr(record, field.name))}"
        for field in dataclasses.fields(record)
        if field.name not in hidden and getattr(record, field.name) is not None
    ]
    more = " …" if len(known) > _MOST_FIELDS else ""
    return ", ".join(known[:_MOST_FIELDS]) + more or "nothing else known"
