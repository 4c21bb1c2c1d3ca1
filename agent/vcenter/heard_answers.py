"""From the answers of a vCenter to the lines of a recording; what is known already is not written again."""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from pyVmomi import VmomiSupport, vim

from agent.recording.elements import XSI_TYPE, element_text, local
from agent.recording.lines import Gone, Happened, Licences, Line, Properties

_KEPT = (
    vim.ManagedEntity,
    vim.alarm.Alarm,
    vim.PerformanceManager,
    vim.LicenseManager,
    vim.CustomFieldsManager,
)
"""Of these the properties are kept; views and sessions are the reader's own."""
_NOT_KEPT = frozenset({"licenseAssignmentManager"})
"""References to managers: whoever replays it has its own."""
Asked = Mapping[str, tuple[str, ...]]


class HeardAnswers:
    """Listens to a `TappedStub`. Owned by one thread."""

    def __init__(self, write: Callable[[Line], None]) -> None:
        """`write` takes each line that says something new."""
        self._write = write
        self._asked: dict[str, Asked] = {}
        self._known: dict[tuple[str, str], dict[str, int]] = {}
        self._events: set[int] = set()
        self._licences: tuple[str, ...] | None = None
        self._seen: set[tuple[str, str]] | None = None
        self.about = ""
        """AboutInfo as vCenter wrote it, once the service content was read"""
        self.shape_changed = False
        """whether objects came, went or moved since the owner set it back"""

    @property
    def objects(self) -> int:
        """How many managed objects are known."""
        return len(self._known)

    @property
    def events(self) -> int:
        """How many events were kept."""
        return len(self._events)

    def begin_full_state(self) -> None:
        """From now on note which objects come, until `end_full_state`."""
        self._seen = set()

    def end_full_state(self) -> None:
        """What did not come has gone."""
        seen, self._seen = self._seen or set(), None
        for key in [one for one in self._known if one not in seen and _is_entity(one[0])]:
            self._gone(*key)

    def asked(self, operation: str, arguments: list[Any]) -> None:
        """Remember which paths the coming answers speak of."""
        self._asked[operation] = {
            VmomiSupport.GetWsdlName(one.type): tuple(one.pathSet) for spec in arguments[0] for one in spec.propSet
        }

    def element(self, operation: str, element: ET.Element) -> None:
        """An object's content, an object's update, or an event."""
        if operation == "ReadNext":
            self._event(element)
        elif operation in ("RetrievePropertiesEx", "ContinueRetrievePropertiesEx"):
            self._object(element, self._asked.get("RetrievePropertiesEx", {}))
        elif operation == "WaitForUpdatesEx":
            self._object(element, self._asked.get(operation, {}))

    def answered(self, operation: str, returned: list[ET.Element]) -> None:
        """The service content, or the licences that are assigned."""
        if operation == "RetrieveServiceContent":
            about = returned[0].find("{urn:vim25}about") if returned else None
            self.about = "" if about is None else element_text(about)
            return
        assignments = tuple(map(element_text, returned))
        if assignments != self._licences:
            self._licences = assignments
            self._write(Licences(assignments=assignments))

    def _event(self, element: ET.Element) -> None:
        key = element.findtext("{urn:vim25}key") or ""
        if key.isdecimal() and int(key) not in self._events:
            self._events.add(int(key))
            self._write(Happened(event=element_text(element)))

    def _object(self, element: ET.Element, asked: Asked) -> None:
        kind, type_, moid = "", "", ""
        values: dict[str, str] = {}
        unset: list[str] = []
        missing: dict[str, str] = {}
        for child in element:
            name = local(child.tag)
            if name == "obj":
                type_, moid = child.get("type", ""), child.text or ""
            elif name == "kind":
                kind = child.text or ""
            elif name == "propSet":
                values[child[0].text or ""] = element_text(child[1])
            elif name == "changeSet":
                path, value = _change(child)
                if value is None:
                    unset.append(path)
                else:
                    values[path] = element_text(value)
            elif name == "missingSet":
                path, why = _missing(child)
                missing[path] = why
        if not _is_kept(type_) or values.keys() & _NOT_KEPT:
            return
        if kind == "leave":
            self._gone(type_, moid)
            return
        if kind != "modify":
            told = {*values, *missing}
            unset += [path for path in _asked_of(type_, asked) if path not in told]
        if self._seen is not None and kind == "enter":
            self._seen.add((type_, moid))
        self.shape_changed = self.shape_changed or kind == "enter" or "parent" in values
        self._news(type_, moid, values, unset, missing)

    def _news(self, type_: str, moid: str, values: dict[str, str], unset: list[str], missing: dict[str, str]) -> None:
        """Write what differs from what was written last."""
        first = (type_, moid) not in self._known
        known = self._known.setdefault((type_, moid), {})
        digests = {path: hash(xml) for path, xml in values.items()}
        refused = {path: hash(("", why)) for path, why in missing.items()}
        new = {path: xml for path, xml in values.items() if known.get(path) != digests[path]}
        gone = tuple(path for path in unset if path in known)
        withheld = {path: why for path, why in missing.items() if known.get(path) != refused[path]}
        known.update(digests)
        known.update(refused)
        for path in gone:
            del known[path]
        if first or new or gone or withheld:
            self._write(Properties(type=type_, moid=moid, values=new, unset=gone, missing=withheld))

    def _gone(self, type_: str, moid: str) -> None:
        if self._known.pop((type_, moid), None) is not None:
            self.shape_changed = True
            self._write(Gone(type=type_, moid=moid))


def _change(change_set: ET.Element) -> tuple[str, ET.Element | None]:
    path, value = "", None
    for child in change_set:
        name = local(child.tag)
        if name == "name":
            path = child.text or ""
        elif name == "val":
            value = child
    return path, value


def _missing(missing_set: ET.Element) -> tuple[str, str]:
    path = missing_set.findtext("{urn:vim25}path") or ""
    privilege = next((one.text for one in missing_set.iter("{urn:vim25}privilegeId") if one.text), None)
    fault = next((one.get(XSI_TYPE) for one in missing_set.iter() if one.get(XSI_TYPE)), None) or "unknown"
    return path, privilege or fault.rpartition(":")[2]


def _asked_of(type_: str, asked: Asked) -> list[str]:
    """The paths asked of objects of a type, by it and by the types it extends."""
    return [path for name, paths in asked.items() if _extends(type_, name) for path in paths]


@cache
def _extends(type_: str, other: str) -> bool:
    try:
        one, above = (VmomiSupport.GetWsdlType("urn:vim25", name) for name in (type_, other))
    except KeyError:
        return False
    return issubclass(one, above)


@cache
def _is_kept(type_: str) -> bool:
    try:
        return issubclass(VmomiSupport.GetWsdlType("urn:vim25", type_), _KEPT)
    except KeyError:
        return False


@cache
def _is_entity(type_: str) -> bool:
    return issubclass(VmomiSupport.GetWsdlType("urn:vim25", type_), vim.ManagedEntity)
