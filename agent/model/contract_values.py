"""What may stand behind a key of a contract file: exact numbers, clock times, instants, durations."""

import re
from datetime import UTC, datetime
from fractions import Fraction
from typing import Annotated, Any, ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ConfigDict, PlainValidator, WithJsonSchema
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from agent.dataclass import dataclass

DAY_S = 86_400
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": DAY_S}
_CLOCK = "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$"
_DURATION = "^(0|[1-9][0-9]{0,6})[smhd]$"
_ID = "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$"
_SHA256 = "^[0-9a-fA-F]{64}$"
_MONTH = "^[0-9]{4}-(0[1-9]|1[0-2])$"
_LOCAL = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Keys in camelCase; no coercion, no unknown keys. What a field's docstring says, editors show."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid",
        strict=True,
        alias_generator=to_camel,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
    )


def _wrong(kind: str, must: str) -> PydanticCustomError:
    return PydanticCustomError(kind, must)


def _text(value: Any, pattern: str, kind: str, must: str) -> str:
    if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
        raise _wrong(kind, must)
    return value


def exact(value: Any) -> Fraction:
    """`99.9` as 999/10, and not as the binary number nearest to it.

    Raises:
        ValueError: no finite number.
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong("number", "must be a number")
    try:
        return Fraction(repr(value))
    except ValueError:
        raise _wrong("number", "must be a finite number") from None


def _at_least_zero(value: Any) -> Fraction:
    number = exact(value)
    if number < 0:
        raise _wrong("number", "must not be negative")
    return number


def _percentage(value: Any) -> Fraction:
    number = exact(value)
    if not 0 <= number <= 100:
        raise _wrong("percent", "must be from 0 to 100")
    return number


def _clock(value: Any) -> int:
    text = _text(value, _CLOCK, "clock", 'must be a time of day in quotes, such as "07:00" or "24:00"')
    return int(text[:2]) * 3600 + int(text[3:]) * 60


def _duration(value: Any) -> int:
    text = _text(value, _DURATION, "duration", "must be a duration with its unit, such as 30s, 5m, 4h or 3d")
    return int(text[:-1]) * _UNITS[text[-1]]


def _local(value: Any) -> datetime:
    must = "must be a local time without offset, such as 2026-01-11T02:00"
    text = _text(value, _LOCAL, "local", must)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise _wrong("local", must) from None


def _instant(value: Any) -> datetime:
    must = "must be a time with its offset, such as 2026-10-14T03:20+02:00"
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise _wrong("instant", must) from None
    if found.tzinfo is None:
        raise _wrong("instant", must)
    if found.microsecond:
        raise _wrong("instant", "must be in whole seconds")
    return found.astimezone(UTC)


def _zone(value: Any) -> str:
    must = "must be the name of a time zone, such as Europe/Copenhagen; never an offset"
    if not isinstance(value, str):
        raise _wrong("zone", must)
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise _wrong("zone", must) from None
    return value


def _pattern(value: Any) -> str:
    if not isinstance(value, str):
        raise _wrong("pattern", "must be text: a regular expression")
    try:
        re.compile(value)
    except re.error as error:
        raise _wrong("pattern", f"is no regular expression: {error.msg} at character {error.pos}") from None
    return value


def _plain(pattern: str, kind: str, must: str) -> Any:
    return PlainValidator(lambda value: _text(value, pattern, kind, must))


Exact = Annotated[Fraction, PlainValidator(exact), WithJsonSchema({"type": "number"})]
NotNegative = Annotated[Fraction, PlainValidator(_at_least_zero), WithJsonSchema({"type": "number", "minimum": 0})]
Percentage = Annotated[
    Fraction, PlainValidator(_percentage), WithJsonSchema({"type": "number", "minimum": 0, "maximum": 100})
]
ClockTime = Annotated[int, PlainValidator(_clock), WithJsonSchema({"type": "string", "pattern": _CLOCK})]
"""Seconds from midnight by the wall clock; 24:00 is the next midnight."""
Seconds = Annotated[int, PlainValidator(_duration), WithJsonSchema({"type": "string", "pattern": _DURATION})]
"""Written with a unit: 30s, 5m, 4h, 3d. A day is 24 hours."""
LocalTime = Annotated[datetime, PlainValidator(_local), WithJsonSchema({"type": "string", "pattern": _LOCAL})]
"""By the wall clock of the contract's time zone, without a zone of its own."""
Instant = Annotated[datetime, PlainValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})]
"""UTC, in whole seconds."""
ZoneName = Annotated[str, PlainValidator(_zone), WithJsonSchema({"type": "string"})]
Pattern = Annotated[str, PlainValidator(_pattern), WithJsonSchema({"type": "string", "format": "regex"})]
Id = Annotated[
    str,
    _plain(_ID, "id", "must be 1 to 63 of a-z, 0-9, . and -, such as avail-core"),
    WithJsonSchema({"type": "string", "pattern": _ID}),
]
Sha256 = Annotated[
    str,
    _plain(_SHA256, "sha256", "must be the 64 hexadecimal digits of a SHA-256 sum, as `sha256sum FILE` prints it"),
    WithJsonSchema({"type": "string", "pattern": _SHA256}),
]
MonthName = Annotated[
    str,
    _plain(_MONTH, "month", "must be a month, such as 2026-10"),
    WithJsonSchema({"type": "string", "pattern": _MONTH}),
]
