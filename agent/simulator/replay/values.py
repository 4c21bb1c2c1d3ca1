"""Recorded values: their times moved, and as pyVmomi's values where its tables know them."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pyVmomi import VmomiSupport, vim

from agent.recording.elements import XSI_TYPE, element_of
from agent.simulator.objects import replaced
from agent.simulator.schema import property_info, resolve
from agent.simulator.soap import VIM, parse

_TIME = re.compile(r">(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:\d\d)?<")
_FIRST_YEAR = 1971
"""What is before has the place of a time that is not set."""
_UNREADABLE = (ValueError, KeyError, AttributeError, TypeError, IndexError)


def moved(xml: str, shift: timedelta) -> str:
    """The same with every time in it moved, those that stand in a text of their own among them."""
    return _TIME.sub(lambda found: _moved(found, shift), xml) if shift else xml


def _moved(found: "re.Match[str]", shift: timedelta) -> str:
    try:
        told = datetime.fromisoformat(found[1])
        later = told + shift if told.year >= _FIRST_YEAR else told
    except (ValueError, OverflowError):
        return found[0]  # no time, or one that is "for ever"
    return f">{later.isoformat()}{found[2] or ''}<"


def type_named(wire_name: str) -> Any:
    """The managed object type of a wire name; None for one that is newer than pyVmomi's tables."""
    try:
        return VmomiSupport.GetWsdlType(VIM, wire_name)
    except KeyError:
        return None


def value_at(type_: Any, path: str, xml: str) -> Any:
    """The value of a property. Raises ValueError where pyVmomi's tables cannot hold it."""
    try:
        return parse(element_of(xml), resolve(type_, path).type)
    except _UNREADABLE as error:
        raise ValueError(f"{path}: {error!r}") from None


def composed(type_: Any, values: Mapping[str, str]) -> dict[str, Any]:
    """Top-level properties made of recorded paths; what pyVmomi's tables cannot hold is left out."""
    props: dict[str, Any] = {}
    for path in sorted(values, key=lambda one: one.count(".")):  # the whole before its parts
        name, *rest = path.split(".")
        try:
            value = value_at(type_, path, values[path])
            props[name] = replaced(props.get(name), property_info(type_, name), rest, value) if rest else value
        except (ValueError, AttributeError, TypeError):
            continue
    return props


def event_of(xml: str) -> Any:
    """An event; one of a class or with fields newer than pyVmomi's tables as an EventEx of that name.

    Raises ValueError for what is no event at all.
    """
    element = element_of(xml)
    try:
        return parse(element, vim.event.Event)
    except _UNREADABLE:
        return _event_ex(element)


def _event_ex(element: ET.Element) -> Any:
    def told(name: str) -> str | None:
        return element.findtext(f"{{{VIM}}}{name}")

    key, created = told("key"), told("createdTime")
    if key is None or created is None:
        raise ValueError("an event without key or time")
    event = vim.event.EventEx(
        key=int(key),
        chainId=int(told("chainId") or key),
        createdTime=datetime.fromisoformat(created),
        userName=told("userName") or "",
        fullFormattedMessage=told("fullFormattedMessage"),
        eventTypeId=told("eventTypeId") or element.get(XSI_TYPE, "").rpartition(":")[2],
    )
    for name in ("vm", "host", "ds", "computeResource", "datacenter"):
        argument = element.find(f"{{{VIM}}}{name}")
        if argument is not None:
            setattr(event, name, parse(argument, property_info(vim.event.Event, name).type))
    return event
