"""Ties a field of the model to the vCenter property it is read from.

A path is a PropertyCollector path. `[vim.some.Type]` after a step means: only values of that type or its subtypes;
the PropertyCollector is asked for the part before the first `[`, the rest is walked in the answer. In a nested record
paths are relative to the record. `@type` is the wire's name for the record's own type, `@moid` is a reference's moid.
"""

import dataclasses
from enum import Enum
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints


class Pace(Enum):
    """How a property reaches us."""

    PUSHED = "pushed"
    """vCenter tells of changes by WaitForUpdatesEx."""
    QUICK = "quick"
    """Never notified, cheap: read once per poll interval."""
    SLOW = "slow"
    """Never notified or heavy: read once per slow interval."""


class Source(NamedTuple):
    """Where a field comes from."""

    path: str
    pace: Pace

    @property
    def collector_path(self) -> str:
        """What the PropertyCollector is asked for."""
        return self.path.partition("[")[0]


def prop(path: str, pace: Pace = Pace.PUSHED) -> Any:
    """A field read from `path`; absent (vCenter did not say) is `None`, for collections too."""
    return dataclasses.field(default=None, metadata={"source": Source(path, pace)})


class Field(NamedTuple):
    """A model field with its source, resolved for decoding."""

    name: str
    source: Source
    element: type
    """The scalar or record type; for a tuple, of its elements."""
    many: bool


def fields_of(record: type) -> tuple[Field, ...]:
    """Every field of `record` that is read from vCenter.

    Raises:
        TypeError: a field's annotation is not `X | None` or `tuple[X, ...] | None`.
    """
    hints = get_type_hints(record)
    found = []
    for field in dataclasses.fields(record):
        source = field.metadata.get("source")
        if source is None:
            continue
        options = [option for option in get_args(hints[field.name]) if option is not type(None)]
        if len(options) != 1:
            raise TypeError(f"{record.__name__}.{field.name}: annotate as `X | None`")
        many = get_origin(options[0]) is tuple
        element = get_args(options[0])[0] if many else options[0]
        found.append(Field(field.name, source, element, many))
    return tuple(found)


def source_of(record: type, field: str) -> str:
    """The path a field is read from, as metrics and evidence print it."""
    return next(known.source.path for known in fields_of(record) if known.name == field)
