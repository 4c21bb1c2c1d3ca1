"""What a finding is proved by: the values of the fields that its check needs, each with its source and time."""

import contextlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from agent.health.catalogue import Check, source_of_field, source_words
from agent.health.look import Look, Unseen
from agent.model.health import Evidence

_LONGEST = 120


def evidence_of(check: Check, item: Any, look: Look) -> tuple[Evidence, ...]:
    """The values that a check has judged, as they stand in the model."""
    record = check.kind.record
    return tuple(_counted(check, item, look)) + tuple(
        Evidence(
            source=source_words(record, name),
            value=value_words(getattr(item, name)),
            read_at=look.read_at(source_of_field(record, name).pace),
        )
        for name in (*check.needs, *check.sees)
    )


def _counted(check: Check, item: Any, look: Look) -> Iterator[Evidence]:
    if look.measured is None:
        return
    for counter in check.counters:
        with contextlib.suppress(Unseen):
            yield Evidence(
                source=f"QueryPerf {counter}, mean of {look.measured.seconds / 60:.0f} min",
                value=f"{look.mean(item, counter):.3g} {_per(counter)}",
                read_at=look.measured.until,
            )


def _per(counter: str) -> str:
    return "a second" if counter.endswith(".summation") else "as vCenter counts it"


def values_of(item: Any, look: Look, *names: str) -> tuple[Evidence, ...]:
    """Values of another object than the one that is judged, as evidence of a fault that lies `on` it."""
    record: Any = type(item)
    return tuple(
        Evidence(
            source=source_words(record, name),
            value=value_words(getattr(item, name)),
            read_at=look.read_at(source_of_field(record, name).pace),
        )
        for name in names
    )


def value_words(value: Any) -> str:
    """A value as a person reads it: an array is counted, a text is cut."""
    match value:
        case None:
            return "not set"
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat(timespec="seconds")
        case tuple() if value and not all(isinstance(one, (str, int)) for one in value):
            return f"{len(value)} entries"
        case tuple():
            words = ", ".join(str(one) for one in value) or "none"
        case _:
            words = str(value)
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
