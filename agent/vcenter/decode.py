"""Decoders from the wire's XML to the model, made from the model's own fields and checked against pyVmomi's types.

Nothing here fails because vCenter is newer than we are: an unknown enum value is kept as text, an unknown type is a
type that no field asks for, an unknown element is not looked at. Only a value that cannot be what its field is
(letters where a number belongs) fails, alone.
"""

import base64
import dataclasses
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from pyVmomi import VmomiSupport
from pyVmomi.VmomiSupport import IsChildVersion  # type: ignore[attr-defined]  # missing from pyVmomi's stubs

from agent.model.property import Field, Pace, fields_of

_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_EMPTY_WHEN_UNSET = frozenset({"snapshot.rootSnapshotList", "layoutEx.snapshot"})
"""Arrays below an optional object whose absence means that there are none."""
Read = Callable[[ET.Element], Any]
ReadText = Callable[[str], Any]


class PropertyDecoder(NamedTuple):
    """How one field of a managed object is read from the value of one PropertyCollector path."""

    field: str
    path: str
    pace: Pace
    since: str
    """API version (pyVmomi's name) that introduced the path."""
    read: Read
    many: bool
    text: ReadText | None = None
    """the same as `read`, from the text of an element that holds a text and nothing else; None for what needs more"""

    @property
    def unset(self) -> Any:
        """What the field is when vCenter says that the property is not set."""
        none_there = self.many and ("." not in self.path or self.path in _EMPTY_WHEN_UNSET)
        return () if none_there else None


@cache
def property_decoders(record: type) -> tuple[PropertyDecoder, ...]:
    """The decoders of a managed object's record.

    Raises:
        TypeError: a path of the model does not exist in pyVmomi's tables, or cannot be what the field is.
    """
    vmodl = VmomiSupport.GetVmodlType(record.vsphere_type)  # type: ignore[attr-defined]  # every managed record has it
    return tuple(_property_decoder(record, vmodl, field) for field in fields_of(record))


@cache
def record_decoder(record: type, vmodl_name: str) -> Read:
    """A decoder for a data object of the given pyVmomi type."""
    return _record(record, VmomiSupport.GetVmodlType(vmodl_name))


def _property_decoder(record: type, vmodl: Any, field: Field) -> PropertyDecoder:
    path, bracket, rest = field.source.path.partition("[")
    where = f"{record.__name__}.{field.name}: {field.source.path}"
    kind, since = vmodl, ""
    for step in path.split("."):
        kind, step_since = _step(kind, step, where)
        since = _later(since, step_since)
    # the value of an array property is an ArrayOf… element whose children are the elements
    is_array = issubclass(kind, list)
    if is_array and field.element is str and not field.many:
        return PropertyDecoder(field.name, path, field.source.pace, since, _bytes_as_text, many=False)
    item = kind.Item if is_array else kind
    read = _value(field, item, f"[{rest}" if bracket else "", where, top_array=is_array)
    plain = not (is_array or bracket or dataclasses.is_dataclass(field.element))
    text = _scalar(field, item, where) if plain else None
    return PropertyDecoder(field.name, path, field.source.pace, since, read, field.many, text)


def _value(field: Field, kind: Any, rest: str, where: str, *, top_array: bool) -> Read:
    """Reads a field from the element that `rest` starts at."""
    accepted: Any = None
    if rest.startswith("["):
        type_name, _, rest = rest[1:].partition("]")
        rest = rest.removeprefix(".")
        kind = VmomiSupport.GetVmodlType(type_name)
        accepted = kind
    if rest:
        inner = _walk(field, kind, rest, where)
        return lambda element: inner(element) if _is(element, accepted) else None
    one = _element(field, kind, where)
    if not field.many:
        return lambda element: one(element) if _is(element, accepted) else None
    if not top_array:
        raise TypeError(f"{where}: not an array")
    return lambda element: tuple(one(child) for child in element if _is(child, accepted))


def _walk(field: Field, kind: Any, path: str, where: str) -> Read:
    """Reads a field by a path relative to a data object of type `kind`."""
    step, rest = _first(path)
    if step == "@type":
        return lambda element: element.get(_XSI_TYPE, "").rpartition(":")[2] or VmomiSupport.GetWsdlName(kind)
    if step.startswith("["):
        return _value(field, kind, f"{step}.{rest}" if rest else step, where, top_array=False)
    child_kind, _ = _step(kind, step.partition("[")[0], where)
    tag, bracket, type_part = step.partition("[")
    is_array = issubclass(child_kind, list)
    item = child_kind.Item if is_array else child_kind
    accepted: Any = None
    if bracket:
        item = VmomiSupport.GetVmodlType(type_part.rstrip("]"))
        accepted = item
    if rest:
        if rest == "@type":
            return lambda element: _first_child(element, tag, accepted, _type_of(item))
        inner = _walk(field, item, rest, where)
        return lambda element: _first_child(element, tag, accepted, inner)
    one = _element(field, item, where)
    if field.many:
        if not is_array:
            raise TypeError(f"{where}: not an array")
        return lambda element: tuple(
            one(child) for child in element if child.tag.rpartition("}")[2] == tag and _is(child, accepted)
        )
    return lambda element: _first_child(element, tag, accepted, one)


def _first(path: str) -> tuple[str, str]:
    """Split the first step off a path; brackets belong to the step before them and may hold dots."""
    depth = 0
    for index, character in enumerate(path):
        depth += (character == "[") - (character == "]")
        if character == "." and depth == 0:
            return path[:index], path[index + 1 :]
    return path, ""


def _first_child(element: ET.Element, tag: str, accepted: Any, read: Read) -> Any:
    for child in element:
        if child.tag.rpartition("}")[2] == tag:
            return read(child) if _is(child, accepted) else None
    return None


def _type_of(kind: Any) -> Read:
    declared = VmomiSupport.GetWsdlName(kind)
    return lambda element: element.get(_XSI_TYPE, "").rpartition(":")[2] or declared


def _is(element: ET.Element, accepted: Any) -> bool:
    return accepted is None or _is_a(element.get(_XSI_TYPE, "").rpartition(":")[2], accepted)


def _element(field: Field, kind: Any, where: str) -> Read:
    """Reads one value of the field's own type."""
    if dataclasses.is_dataclass(field.element):
        return _record(field.element, kind)
    scalar = _scalar(field, kind, where)
    return lambda element: scalar(element.text or "")


def _scalar(field: Field, kind: Any, where: str) -> ReadText:
    """Reads one number, moment or word from its text."""
    wanted = field.element
    if wanted is bool:
        _must(issubclass(kind, bool), where, kind)
        return _boolean
    if wanted is int:
        _must(issubclass(kind, int) and not issubclass(kind, bool), where, kind)
        return int
    if wanted is float:
        _must(issubclass(kind, (int, float)), where, kind)
        return float
    if wanted is datetime:
        _must(issubclass(kind, datetime), where, kind)
        return _instant
    _must(wanted is str and not issubclass(kind, list), where, kind)
    return str


def _bytes_as_text(element: ET.Element) -> str:
    """A byte array, e.g. a host's certificate: signed bytes one by one, or base64 as newer servers send it."""
    if len(element):
        return bytes(int(child.text or "0") & 0xFF for child in element).decode("ascii", "replace")
    return base64.b64decode(element.text or "").decode("ascii", "replace")


_RECORDS: dict[tuple[type, type], Read] = {}
"""Decoders made so far; a record that contains itself finds its own here while it is being made."""


def _record(record: Any, kind: Any) -> Read:
    """A decoder for a whole nested record of pyVmomi's type `kind`."""
    made = _RECORDS.get((record, kind))
    if made is not None:
        return made
    plan: list[tuple[str, Read]] = []

    def read(element: ET.Element) -> Any:
        return record(**{name: read_field(element) for name, read_field in plan})

    _RECORDS[record, kind] = read
    plan.extend(
        (field.name, _walk(field, kind, field.source.path, f"{record.__name__}.{field.name}: {field.source.path}"))
        for field in fields_of(record)
    )
    return read


def _step(kind: Any, step: str, where: str) -> tuple[Any, str]:
    """Type and version of a property, from pyVmomi's tables."""
    try:
        info = VmomiSupport.GetPropertyInfo(kind, step) if hasattr(kind, "_propInfo") else None
        if info is None:
            info = kind._GetPropertyInfo(step)  # noqa: SLF001 - pyVmomi's table of a data object's fields
    except (AttributeError, KeyError) as error:
        raise TypeError(f"{where}: {kind.__name__} has no property {step}") from error
    return info.type, info.version


def _later(left: str, right: str) -> str:
    """The newer of two API versions."""
    if not left:
        return right
    return right if IsChildVersion(right, left) else left


@cache
def _is_a(wire_name: str, kind: Any) -> bool:
    """Whether the wire's type name is `kind` or a subtype; a type that pyVmomi does not know is neither."""
    try:
        return issubclass(VmomiSupport.GetWsdlType("urn:vim25", wire_name), kind)
    except KeyError:
        return False


def _must(condition: bool, where: str, kind: Any) -> None:
    if not condition:
        raise TypeError(f"{where}: vCenter's type is {kind.__name__}")


def _boolean(text: str) -> bool:
    if text in ("true", "1"):
        return True
    if text in ("false", "0"):
        return False
    raise ValueError(f"not a boolean: {text!r}")


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
