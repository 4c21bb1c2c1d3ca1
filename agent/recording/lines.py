"""The lines of a recording. Values of vCenter stand in them as the XML that it wrote, without namespaces.

The format is described in docs/record-and-replay.md; what changes here raises `FORMAT` there and here.
"""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import field
from typing import Any, NamedTuple, get_args, get_origin

from agent.dataclass import dataclass

FORMAT = 1
"""Readers refuse a higher number: they could not know what they leave out."""
MAGIC = "checkmeter_recording"
_LONGEST_S = 400 * 86400
ENDINGS = {
    "time": "the time was over",
    "stopped": "it was stopped",
    "size": "the file was full",
    "lost": "the vCenter could no longer be read",
}
"""Why a recording ends; one whose writer was killed has no end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The first line. Times are epoch seconds of the recording machine, `clock_ahead_s` is how far vCenter's were ahead."""

    format: int = FORMAT
    program: str
    started_s: float
    clock_ahead_s: float
    kind: str
    """`vcenter` or `esxi`"""
    api: str
    anonymised: bool
    about: str
    """AboutInfo of the service content"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Properties:
    """What is new of one managed object: values by path, paths without a value, and what the account may not read."""

    type: str
    moid: str
    values: Mapping[str, str] = field(default_factory=dict)
    unset: tuple[str, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)
    """By path the privilege that vCenter named, or the fault where it named none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """An object that is no longer there, or may no longer be seen."""

    type: str
    moid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """An event, as ReadNextEvents gives it."""

    event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """Performance samples of one object: times in epoch seconds of vCenter's clock, series of counter, instance, values."""

    type: str
    moid: str
    interval_s: int
    times: tuple[int, ...] = ()
    series: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HostClock:
    """How far a host's own clock is ahead of the recording machine's, in seconds."""

    moid: str
    ahead_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Advanced settings of vCenter that were asked for."""

    options: Mapping[str, str | int | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Licences:
    """Which licence is assigned to what: LicenseAssignmentManagerLicenseAssignment elements."""

    assignments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """Tags by moid, each a category and a name."""

    tags: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """Everything was read once: a replay begins here, with all that came before."""

    objects: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something that whoever replays it should know, e.g. that vCenter was away."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """The last line: a word of ENDINGS."""

    reason: str


Line = Header | Properties | Gone | Happened | Samples | HostClock | Options | Licences | Tags | Whole | Note | End
_NAMES: dict[str, type[Line]] = {
    "header": Header,
    "properties": Properties,
    "gone": Gone,
    "event": Happened,
    "samples": Samples,
    "host_clock": HostClock,
    "options": Options,
    "licences": Licences,
    "tags": Tags,
    "whole": Whole,
    "note": Note,
    "end": End,
}
_NAME_OF = {type_: name for name, type_ in _NAMES.items()}


class Timed(NamedTuple):
    """A line and when it was learned, in seconds since the recording began."""

    at_s: float
    line: Line


def written(at_s: float, line: Line) -> bytes:
    """One line of the file, with its end. What is empty is left out."""
    fields = {one.name: getattr(line, one.name) for one in dataclasses.fields(line)}
    full = {name: value for name, value in fields.items() if value is not None and value not in ({}, ())}
    document: dict[str, Any] = {"at": round(at_s, 3), _NAME_OF[type(line)]: full}
    if isinstance(line, Header):
        document = {MAGIC: line.format, **document}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def parsed(text: bytes) -> Timed | None:
    """A line read back; None for a kind of line that is newer than this program, which may be left out.

    Raises:
        ValueError: it is no line of a recording.
    """
    document = json.loads(text, parse_constant=_no_number)
    at_s = document.get("at") if isinstance(document, dict) else None
    if not isinstance(at_s, (int, float)) or not 0 <= at_s <= _LONGEST_S:
        raise ValueError("it has no time")
    for name, value in document.items():
        type_ = _NAMES.get(name)
        if type_ is not None and isinstance(value, dict):
            return Timed(float(at_s), _line(type_, value))
    return None


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _line(type_: type[Line], value: Mapping[str, Any]) -> Line:
    """Fields that are newer than this program are passed over; lists become tuples."""
    given = {}
    for one in dataclasses.fields(type_):
        if one.name in value:
            given[one.name] = _frozen(value[one.name])
            if not _fits(given[one.name], one.type):
                raise ValueError(f"its {one.name} is of another type")
    try:
        return type_(**given)
    except TypeError as error:
        raise ValueError(f"a part is missing ({error})") from None


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_frozen(one) for one in value)
    return {name: _frozen(one) for name, one in value.items()} if isinstance(value, dict) else value


def _fits(value: Any, annotation: Any) -> bool:
    """Whether a value read from JSON is of an annotated type."""
    outer, inner = get_origin(annotation), get_args(annotation)
    if outer is None:
        return isinstance(value, (int, float) if annotation is float else annotation)
    if outer is tuple:
        if not isinstance(value, tuple):
            return False
        each = inner[:1] * len(value) if inner[-1] is Ellipsis else inner
        return len(each) == len(value) and all(map(_fits, value, each))
    if outer is Mapping:
        return isinstance(value, dict) and all(_fits(one, inner[1]) for one in value.values())
    return any(_fits(value, one) for one in inner)
