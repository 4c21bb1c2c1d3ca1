"""What an answer of the PropertyCollector says about one object, decoded into fields of the model."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from dataclasses import field
from functools import cache
from typing import Any

from pyVmomi import VmomiSupport
from pyVmomi.VmomiSupport import IsChildVersion  # type: ignore[attr-defined]  # missing from pyVmomi's stubs

from agent.dataclass import dataclass
from agent.model.alarm import AlarmDefinition
from agent.model.cluster import ClusterComputeResource, ComputeResource
from agent.model.datastore import Datastore, StoragePod
from agent.model.folder import Datacenter, Folder
from agent.model.host import HostSystem
from agent.model.inventory import Skipped, Unreadable
from agent.model.network import DistributedVirtualPortgroup, DistributedVirtualSwitch, Network
from agent.model.property import Pace
from agent.model.resource_pool import ResourcePool
from agent.model.virtual_machine import VirtualMachine
from agent.vcenter.decode import PropertyDecoder, property_decoders

RECORDS: tuple[type, ...] = (
    VirtualMachine,
    HostSystem,
    ClusterComputeResource,
    ComputeResource,
    Datastore,
    StoragePod,
    ResourcePool,
    DistributedVirtualPortgroup,
    Network,
    DistributedVirtualSwitch,
    Folder,
    Datacenter,
)
"""The inventory's kinds, subtypes before the types they extend: whoever matches in order matches the right one."""

_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


@dataclass(slots=True)
class Change:
    """News of one object: fields with their new values, and what could not be had."""

    record: type
    moid: str
    left: bool = False
    entered: bool = False
    paths: frozenset[str] = frozenset()
    """every path this change speaks of"""
    values: dict[str, Any] = field(default_factory=dict)
    unreadable: dict[str, Unreadable] = field(default_factory=dict)
    """by path"""
    skipped: dict[str, Skipped] = field(default_factory=dict)
    """by path"""
    told: tuple[int, ...] | None = None
    """digests of the texts that the object's values are from, where the reader was given those of before"""


Paths = Mapping[type, tuple[str, ...]]
Told = Mapping[tuple[type, str], tuple[int, ...]]
"""What was told of each object before, as `Change.told`, by record and moid."""


def paths_for(version: str, pace: Pace, records: Iterable[type] = RECORDS) -> dict[type, tuple[str, ...]]:
    """The paths of each record at one pace that exist in the negotiated API version, each once."""
    return {
        record: tuple(
            dict.fromkeys(
                decoder.path
                for decoder in property_decoders(record)
                if decoder.pace is pace and IsChildVersion(version, decoder.since)
            )
        )
        for record in records
    }


@cache
def record_for(wire_name: str) -> type | None:
    """The record of a managed object's wire type, through its supertypes; None for kinds that we do not model."""
    try:
        kind = VmomiSupport.GetWsdlType("urn:vim25", wire_name)
    except KeyError:
        return None
    for record in (*RECORDS, AlarmDefinition):
        if issubclass(kind, VmomiSupport.GetVmodlType(record.vsphere_type)):  # type: ignore[attr-defined]  # every record has it
            return record
    return None


def decode_content(element: ET.Element, asked: Paths) -> Change | None:
    """Decode an `objects` (ObjectContent) or `objectSet` (ObjectUpdate) element.

    Args:
        element: The finished element.
        asked: The paths that were asked for; those that neither came nor are missing are unset.

    Returns:
        None for an object of a kind that we do not model.
    """
    properties: dict[str, ET.Element | None] = {}
    missing: list[ET.Element] = []
    update = moid = wire_name = ""
    for child in element:
        name = child.tag.rpartition("}")[2]
        if name == "obj":
            moid, wire_name = child.text or "", child.get("type", "")
        elif name == "propSet":
            properties[child[0].text or ""] = child[1]
        elif name == "changeSet":
            path, value = _changed(child)
            properties[path] = value
        elif name == "missingSet":
            missing.append(child)
        elif name == "kind":
            update = child.text or ""
    record = record_for(wire_name)
    if record is None:
        return None
    change = Change(record, moid, left=update == "leave", entered=update == "enter")
    if change.left:
        return change
    for item in missing:
        refused = _unreadable(record, moid, item)
        change.unreadable[refused.path] = refused
    if update != "modify":
        for path in asked.get(record, ()):
            properties.setdefault(path, None)
    change.paths = frozenset(properties) | frozenset(change.unreadable)
    decoders = decoders_by_path(record)
    for path, value in properties.items():
        for decoder in decoders.get(path, ()):
            _decode_field(change, decoder, value)
    return change


def _decode_field(change: Change, decoder: PropertyDecoder, value: ET.Element | None) -> None:
    if decoder.path in change.unreadable:
        change.values[decoder.field] = None
    elif value is None:
        change.values[decoder.field] = decoder.unset
    else:
        try:
            change.values[decoder.field] = decoder.read(value)
        except (ValueError, TypeError, IndexError, OverflowError) as error:
            change.values[decoder.field] = None
            kind = change.record.__name__
            change.skipped[decoder.path] = Skipped(
                vsphere_type=kind, moid=change.moid, path=decoder.path, reason=f"{type(error).__name__}: {error}"[:200]
            )


@cache
def decoders_by_path(record: type) -> dict[str, tuple[PropertyDecoder, ...]]:
    """The decoders of a record by the path whose value they read."""
    grouped: dict[str, tuple[PropertyDecoder, ...]] = {}
    for decoder in property_decoders(record):
        grouped[decoder.path] = (*grouped.get(decoder.path, ()), decoder)
    return grouped


def _changed(change_set: ET.Element) -> tuple[str, ET.Element | None]:
    """Path and value of a PropertyChange; a change without a value unsets."""
    path, value = "", None
    for child in change_set:
        name = child.tag.rpartition("}")[2]
        if name == "name":
            path = child.text or ""
        elif name == "val":
            value = child
    return path, value


def _unreadable(record: type, moid: str, missing: ET.Element) -> Unreadable:
    path, fault, privilege = "", "unknown", None
    for child in missing.iter():
        name = child.tag.rpartition("}")[2]
        if name == "path" and not path:
            path = child.text or ""
        elif name == "fault" and fault == "unknown":
            fault = child.get(_XSI_TYPE, "").rpartition(":")[2] or "unknown"
        elif name == "privilegeId":
            privilege = child.text
    return Unreadable(vsphere_type=record.__name__, moid=moid, path=path, fault=fault, privilege=privilege)
