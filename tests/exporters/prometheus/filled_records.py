"""Records with every field told: numbers 0, truths False, times the epoch. What a metric must not take for absent."""

from dataclasses import is_dataclass
from datetime import UTC, datetime
from typing import Any

from agent.model.property import fields_of

EPOCH = datetime.fromtimestamp(0, UTC)
_DEEPEST = 4  # snapshots hold snapshots


def zeros(record: Any, depth: int = 0, **known: Any) -> Any:
    """The record with every field at its smallest; `known` fields as given."""
    values = {}
    for field in fields_of(record):
        if is_dataclass(field.element):
            one = zeros(field.element, depth + 1) if depth < _DEEPEST else None
        else:
            one = {int: 0, float: 0.0, bool: False, datetime: EPOCH, str: "x"}[field.element]
        values[field.name] = (() if one is None else (one,)) if field.many else one
    return record(**values | known)
