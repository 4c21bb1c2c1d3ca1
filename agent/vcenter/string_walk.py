"""Finds every text in a recorded value, with what pyVmomi's tables know of it: whose property it is."""

import base64
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from pyVmomi import VmomiSupport

from agent.recording.elements import XSI_TYPE, local

_VIM = "urn:vim25"


class Place(NamedTuple):
    """Where a text stands."""

    owner: str
    """wire name of the data object, or of the managed object"""
    name: str
    """of its property"""
    key: str = ""
    """of a key and value pair, the key"""


class Rewrite(NamedTuple):
    """What to do with the parts of a value."""

    text: Callable[[Place, str], str]
    word: Callable[[str], str]
    """one of an enumeration"""
    moid: Callable[[str], str]
    octets: Callable[[Place, bytes], bytes]


def rewrite_property(type_name: str, path: str, element: ET.Element, rewrite: Rewrite) -> None:
    """Rewrite the value of a managed object's property in place; what the tables do not know counts as text."""
    kind: Any = _named(type_name)
    owner = name = ""
    for step in path.split("."):
        owner, name = (VmomiSupport.GetWsdlName(kind) if kind is not None else type_name), step
        kind = _property(kind, step)
    _walk(element, kind, Place(owner, name), rewrite)


def rewrite_object(type_name: str, element: ET.Element, rewrite: Rewrite) -> None:
    """Rewrite a data object, e.g. an event, in place."""
    _walk(element, _named(type_name), Place("", local(element.tag)), rewrite)


def _walk(element: ET.Element, kind: Any, place: Place, rewrite: Rewrite) -> None:
    declared = element.get(XSI_TYPE)
    if declared is not None:
        kind = _named(declared.rpartition(":")[2])
    if element.get("type") is not None or (kind is not None and issubclass(kind, VmomiSupport.ManagedObject)):
        element.text = rewrite.moid(element.text or "")
    elif _is_octets(kind):
        _rewrite_octets(element, place, rewrite)
    elif len(element):
        _walk_parts(element, kind, place, rewrite)
    elif element.text and _is_enumeration(kind):
        element.text = rewrite.word(element.text)
    elif element.text and not _is_plain(kind):
        element.text = rewrite.text(place, element.text)


def _walk_parts(element: ET.Element, kind: Any, place: Place, rewrite: Rewrite) -> None:
    if kind is not None and issubclass(kind, list):
        for child in element:
            _walk(child, kind.Item, place, rewrite)
        return
    owner = "" if kind is None else VmomiSupport.GetWsdlName(kind)
    key = next((child.text or "" for child in element if local(child.tag) == "key" and not len(child)), "")
    for child in element:
        name = local(child.tag)
        of = _property(kind, name)
        if of is not None and issubclass(of, list):
            of = of.Item  # inside a data object an array is its elements, one after the other
        _walk(child, of, Place(owner, name, key if name == "value" else ""), rewrite)


def _rewrite_octets(element: ET.Element, place: Place, rewrite: Rewrite) -> None:
    """A byte array: signed bytes one by one, or base64 as newer servers send it."""
    if not len(element):
        held = base64.b64decode(element.text or "")
        element.text = base64.b64encode(rewrite.octets(place, held)).decode()
        return
    tag = element[0].tag
    changed = rewrite.octets(place, bytes(int(child.text or "0") & 0xFF for child in element))
    for child in list(element):
        element.remove(child)
    for one in changed:
        ET.SubElement(element, tag).text = str(one - 256 if one > 127 else one)


@cache
def _named(name: str) -> Any:
    if name == "ManagedObjectReference":
        return VmomiSupport.ManagedObject
    if name == "ArrayOfManagedObjectReference":
        name = "ArrayOfManagedObject"
    for namespace in (_VIM, VmomiSupport.XMLNS_XSD):
        try:
            return VmomiSupport.GetWsdlType(namespace, name)
        except KeyError:
            continue
    return None


@cache
def _property(kind: Any, name: str) -> Any:
    """The type of a property; None for what the tables do not know."""
    try:
        return None if kind is None else kind._GetPropertyInfo(name).type  # noqa: SLF001 - pyVmomi's table of fields
    except AttributeError:
        return None


@cache
def _is_enumeration(kind: Any) -> bool:
    return kind is not None and issubclass(kind, VmomiSupport.Enum)


@cache
def _is_plain(kind: Any) -> bool:
    """Whether it is no text: a number, a time, the name of a type."""
    if kind is None or kind is object:
        return False
    return kind is type or issubclass(kind, (int, float, datetime)) or kind in _NAMES_OF_TYPES


_NAMES_OF_TYPES = (VmomiSupport.ManagedMethod, VmomiSupport.PropertyPath)


@cache
def _is_octets(kind: Any) -> bool:
    if kind is None:
        return False
    return issubclass(kind, bytes) or (issubclass(kind, list) and kind.Item is VmomiSupport.byte)
