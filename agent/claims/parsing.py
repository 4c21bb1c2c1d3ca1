"""From the text of a YAML file to the value that its `kind` promises, or to every mistake in it at once."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from difflib import get_close_matches
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from agent.config import document
from agent.config.document import Document, Location, Problem
from agent.config.mistakes import PLAIN_WORDS, got, value_at
from agent.model.contract import API_VERSION, Contract
from agent.model.contract_files import ExclusionsFile, NoticesFile, VendorReportFile

KINDS: Mapping[str, type[Any]] = {
    "VendorContract": Contract,
    "VendorReport": VendorReportFile,
    "PlannedWork": NoticesFile,
    "Exclusions": ExclusionsFile,
}


class Parsed(NamedTuple):
    """`value` is None where there are problems that leave none."""

    read: Document
    kind: str | None
    value: Any
    problems: tuple[Problem, ...]


def parse(text: str) -> Parsed:
    """Never raises for what the text holds."""
    read = document.read(text)
    if read.values is None:
        empty = () if read.problems else (read.problem((), "the file is empty"),)
        return Parsed(read, None, None, (*read.problems, *empty))
    if not isinstance(read.values, dict):
        return Parsed(
            read, None, None, (*read.problems, read.problem((), "must be keys and values: apiVersion, kind, …"))
        )
    kind = read.values.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        known = f"must be one of {', '.join(KINDS)}"
        words = f"this key is required, and {known}" if "kind" not in read.values else known + got(kind)
        close = get_close_matches(str(kind), KINDS, 1)
        words += f", did you mean `{close[0]}`?" if close else ""
        return Parsed(read, None, None, (*read.problems, read.problem(("kind",), words)))
    try:
        # As JSON, so that strict types still take lists for tuples and text for dates.
        value = TypeAdapter(KINDS[kind]).validate_json(json.dumps(read.values))
    except ValidationError as invalid:
        found = [_problem(error, read, KINDS[kind]) for error in invalid.errors()]
        return Parsed(read, kind, None, (*read.problems, *found))
    return Parsed(read, kind, value if not read.problems else None, read.problems)


def _problem(error: ErrorDetails, read: Document, kind: type[Any]) -> Problem:
    location = tuple(step for step in error["loc"] if step != "[key]")
    if error["type"] == "unexpected_keyword_argument":
        return read.problem(
            location, "unknown key" + _suggestion(str(location[-1]), _section_at(kind, location[:-1]), kind)
        )
    if error["type"] == "missing":
        return read.problem(location, PLAIN_WORDS["missing"])
    words = PLAIN_WORDS.get(error["type"])
    text = words.format_map(error.get("ctx", {})) if words else error["msg"].replace("Input should", "must")
    if location == ("apiVersion",):
        text = f"must be {API_VERSION}"
    value = location[-1] if "[key]" in error["loc"] else _value(read, location)
    close = _meant(error, value)
    return read.problem(location, text + got(value) + close)


def _meant(error: ErrorDetails, value: Any) -> str:
    expected = str(error.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ")
    close = get_close_matches(str(value), expected.split(", "), 1) if expected else []
    return f", did you mean `{close[0]}`?" if close else ""


def _value(read: Document, location: Location) -> Any:
    try:
        return value_at(read.values, location)
    except (KeyError, IndexError, TypeError):
        return None


def _suggestion(key: str, section: type[Any], root: type[Any]) -> str:
    known = sections(section)
    close = get_close_matches(key, known, 1)
    if close:
        return f", did you mean `{close[0]}`?"
    elsewhere = sorted({where for where, keys in _all_keys(root, "") if key in keys})
    if elsewhere:
        return f"; `{key}` belongs in {' or '.join(elsewhere[:3])}"
    return f"; known here: {', '.join(known)}"


def sections(section: type[Any]) -> dict[str, Any]:
    """The keys of a section, as they are written, with the type of their values."""
    hints = get_type_hints(section, include_extras=True)
    return {_key(one.name, hints[one.name]): hints[one.name] for one in fields(section)}


def section_in(hint: Any) -> type[Any] | None:
    """The section that a value of this type is, or has in it."""
    if isinstance(hint, type) and is_dataclass(hint):
        return hint
    parts = get_args(hint)
    inner = parts[:1] if get_origin(hint) is Annotated else parts
    return next((found for part in inner if (found := section_in(part)) is not None), None)


def _key(name: str, hint: Any) -> str:
    marks = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    alias = next((mark.alias for mark in marks if isinstance(mark, FieldInfo) and mark.alias), None)
    return alias or to_camel(name)


def _section_at(root: type[Any], location: Location) -> type[Any]:
    section = root
    for step in location:
        if isinstance(step, str) and step in sections(section):
            section = section_in(sections(section)[step]) or section
    return section


def _all_keys(section: type[Any], path: str) -> Iterator[tuple[str, set[str]]]:
    known = sections(section)
    yield path or "the top of the file", set(known)
    for key, hint in known.items():
        inner = section_in(hint)
        if inner is not None:
            yield from _all_keys(inner, f"{path}.{key}".removeprefix("."))
