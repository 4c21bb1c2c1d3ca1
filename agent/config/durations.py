"""Durations as people write them: 30s, 5m, 1h."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

SECONDS_IN = {"h": 3600, "m": 60, "s": 1}
PATTERN = "^[1-9][0-9]{0,5}[smh]$"


def parse_duration(text: Any) -> Any:
    """`30s` as a timedelta; a timedelta passes through.

    Raises:
        ValueError: not a whole positive number with s, m or h behind it.
    """
    if isinstance(text, timedelta):
        return text
    if not isinstance(text, str) or not re.fullmatch(PATTERN, text, re.ASCII):
        raise PydanticCustomError("duration", "must be a duration with its unit, such as 30s, 5m or 1h")
    return timedelta(seconds=int(text[:-1]) * SECONDS_IN[text[-1]])


def format_duration(duration: timedelta) -> str:
    """The shortest form that `parse_duration` reads back: 90s, 5m, 1h."""
    seconds = int(duration.total_seconds())
    unit = next(unit for unit, size in SECONDS_IN.items() if seconds % size == 0)
    return f"{seconds // SECONDS_IN[unit]}{unit}"


def between(least: str, most: str) -> Callable[[timedelta], timedelta]:
    """A check that a duration lies within two others, both included."""
    low, high = parse_duration(least), parse_duration(most)

    def check(duration: timedelta) -> timedelta:
        if not low <= duration <= high:
            raise PydanticCustomError("duration_range", f"must be from {least} to {most}")
        return duration

    check.__doc__ = f"{least} to {most}"
    return check


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema({"type": "string", "pattern": PATTERN}),
]
QuickInterval = Annotated[Duration, AfterValidator(between("10s", "10m"))]
SlowInterval = Annotated[Duration, AfterValidator(between("1m", "1h"))]
CallTimeout = Annotated[Duration, AfterValidator(between("1s", "10m"))]
