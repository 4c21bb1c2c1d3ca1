"""A record of the model as plain values that JSON can hold, and back. What is `None` is left out."""

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

Record = TypeVar("Record")


class _Part(NamedTuple):
    name: str
    element: type
    """the scalar or record; of a tuple, its elements'"""
    many: bool


def to_plain(record: Any) -> dict[str, Any]:
    """Every field that has a value, by name; times in ISO 8601."""
    found = {}
    for part in _parts(type(record)):
        value = getattr(record, part.name)
        if value is not None:
            found[part.name] = [_plain(one) for one in value] if part.many else _plain(value)
    return found


def from_plain(kind: type[Record], plain: Mapping[str, Any]) -> Record:
    """The record of this kind that `to_plain` was made from. Names it does not know are left out.

    Raises:
        TypeError, ValueError: it was made from something else.
    """
    values = {}
    for part in _parts(kind):
        value = plain.get(part.name)
        if value is not None:
            values[part.name] = (
                tuple(_rich(part.element, one) for one in value) if part.many else _rich(part.element, value)
            )
    return kind(**values)


_KNOWN: dict[type, tuple[_Part, ...]] = {}


def _parts(kind: type) -> tuple[_Part, ...]:
    if kind not in _KNOWN:
        _KNOWN[kind] = _read_parts(kind)
    return _KNOWN[kind]


def _read_parts(kind: type) -> tuple[_Part, ...]:
    hints = get_type_hints(kind)
    parts = []
    for field in dataclasses.fields(kind):
        options = [one for one in get_args(hints[field.name]) if one is not type(None)] or [hints[field.name]]
        many = get_origin(options[0]) is tuple
        parts.append(_Part(field.name, get_args(options[0])[0] if many else options[0], many))
    return tuple(parts)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return to_plain(value)
    return value.isoformat() if isinstance(value, datetime) else value


def _rich(kind: type, value: Any) -> Any:
    if dataclasses.is_dataclass(kind):
        return from_plain(kind, value)
    return datetime.fromisoformat(value) if kind is datetime else value
