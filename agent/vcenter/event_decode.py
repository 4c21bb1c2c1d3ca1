"""Events from the wire's XML. No event is lost because its class, a field or a value is newer than we are.

What every event has becomes a field of `agent.model.event.Event`; all else is flattened into text: the path of element
names, `#2` and so on where an element is repeated, and `arguments.reason` for a list of keys with values.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime

from agent.model.event import Event

_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_EXTENDED = frozenset({"EventEx", "ExtendedEvent"})
_ENTITIES = {
    "vm": ("vm", "vm_name"),
    "host": ("host", "host_name"),
    "computeResource": ("cluster", ""),
    "ds": ("datastore", "datastore_name"),
    "datacenter": ("datacenter", ""),
}
"""The event's argument for an object, and the fields of Event that take its reference and its name."""
_ABOUT = {"VirtualMachine": "vm", "HostSystem": "host", "ClusterComputeResource": "computeResource", "Datastore": "ds"}
"""An EventEx may name its object only by `objectId` and `objectType`."""


def decode_event(element: ET.Element) -> Event:
    """One event element of whatever class.

    Raises:
        ValueError: it has no readable key or time, without which it is not evidence.
    """
    kind = element.get(_XSI_TYPE, "").rpartition(":")[2] or "Event"
    plain: dict[str, str] = {}
    entities: dict[str, str] = {}
    fields: dict[str, str] = {}
    for child in element:
        name = _local(child)
        if name in _ENTITIES and len(child):
            _take_entity(child, name, entities, fields)
        elif len(child):
            _flatten(child, name, fields)
        elif name in _PLAIN and name not in plain:
            plain[name] = child.text or ""
        else:
            _put(fields, name, child.text or "")
    if kind in _EXTENDED:
        kind = fields.pop("eventTypeId", "") or kind
        _take_object(entities, fields)
    key = int(plain.get("key", ""))
    return Event(
        key=key,
        chain_id=_number(plain.get("chainId")) or key,
        kind=kind,
        created=_instant(plain.get("createdTime", "")),
        user=plain.get("userName") or None,
        message=plain.get("fullFormattedMessage") or None,
        fields=fields,
        **entities,
    )


_PLAIN = frozenset({"key", "chainId", "createdTime", "userName", "fullFormattedMessage"})


def _take_entity(element: ET.Element, name: str, entities: dict[str, str], fields: dict[str, str]) -> None:
    """A VmEventArgument and its like: `name`, and a reference in an element called after its kind."""
    reference, label = _ENTITIES[name]
    for child in element:
        text = child.text or ""
        if _local(child) == "name":
            if label:
                entities[label] = text
            else:
                fields[f"{name}.name"] = text
        elif child.get("type") is not None and reference not in entities:
            entities[reference] = text
        else:
            _flatten(child, f"{name}.{_local(child)}", fields)


def _take_object(entities: dict[str, str], fields: dict[str, str]) -> None:
    kind = _ABOUT.get(fields.get("objectType", "").rpartition(":")[2])
    if kind is None:
        return
    reference, label = _ENTITIES[kind]
    if fields.get("objectId"):
        entities.setdefault(reference, fields["objectId"])
    if label and fields.get("objectName") and entities.get(reference) == fields.get("objectId"):
        entities.setdefault(label, fields["objectName"])


def _flatten(element: ET.Element, path: str, fields: dict[str, str]) -> None:
    """The leaves below an element by their paths."""
    if not len(element):
        _put(fields, path, element.text or "")
        return
    pair = {_local(child): child for child in element}
    if set(pair) == {"key", "value"} and not len(pair["key"]):
        _flatten(pair["value"], f"{path}.{pair['key'].text or ''}", fields)
        return
    kind = element.get(_XSI_TYPE, "").rpartition(":")[2]
    if kind:
        _put(fields, f"{path}.@type", kind)
    for child in element:
        _flatten(child, f"{path}.{_local(child)}", fields)


def _put(fields: dict[str, str], path: str, text: str) -> None:
    fields[next(name for name in _numbered(path) if name not in fields)] = text


def _numbered(path: str) -> Iterator[str]:
    yield path
    number = 2
    while True:
        yield f"{path}#{number}"
        number += 1


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _number(text: str | None) -> int | None:
    try:
        return int(text or "")
    except ValueError:
        return None


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
