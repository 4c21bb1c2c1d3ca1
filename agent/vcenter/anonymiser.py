"""The lines of a recording without secrets, and, if so wished, without what names people, places and machines.

What a text is follows from its place in pyVmomi's type tables. A place that nobody thought of counts as a text that a
machine wrote, of which only words of the vocabulary and short numbers stay; so nothing passes because it is new.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Collection
from dataclasses import replace

from agent.recording.certificates import only_dates
from agent.recording.elements import element_of, element_text, local
from agent.recording.lines import Gone, Happened, Header, HostClock, Licences, Line, Properties, Samples, Tags
from agent.recording.pseudonyms import Pseudonyms
from agent.vcenter.event_kinds import EVENT_KINDS
from agent.vcenter.string_walk import Place, Rewrite, rewrite_object, rewrite_property

REMOVED = "removed"
"""In the place of a setting that may be a secret."""
_SECRET_SETTING = re.compile(
    r"passw|secret|token|credential|privatekey|guestinfo|userdata|vnc\.key|machine\.id", re.IGNORECASE
)
_COUNTERS = "perfCounter"
_NAMES = frozenset(
    [
        "name",
        "annotation",
        "hostName",
        "domainName",
        "searchDomain",
        "userName",
        "fullName",
        "acknowledgedByUser",
        "deviceName",
        "network",
        "portgroup",
        "portgroupName",
        "vswitch",
        "vswitchName",
        "switchName",
        "vmGroupName",
        "affineHostGroupName",
        "antiAffineHostGroupName",
        "contact",
        "objectName",
        "entityName",
        "entityDisplayName",
        "description",
        "remoteHost",
        "remoteHostNames",
        "remotePath",
        "server",
        "serialNumber",
        "identifierValue",
        "oldName",
        "newName",
        "destName",
        "sourceName",
        "destHost",
        "user",
        "account",
        "login",
        "owner",
        "organization",
        "iScsiName",
        "iScsiAlias",
        "alias",
        "oldParent",
        "newParent",
        "snapshotName",
        "snapshotDescription",
        "question",
        "answer",
        "message",
    ]
)
"""Properties that hold what somebody chose, or who it was."""
_OF_MACHINES = frozenset(
    [
        "AboutInfo",
        "ElementDescription",
        "TypeDescription",
        "HostHardwareElementInfo",
        "HostStorageElementInfo",
        "HostNumericSensorInfo",
        "HostMemoryInfo",
        "HostDateTimeSystemTimeZone",
        "LicenseManagerLicenseInfo",
        "DistributedVirtualSwitchProductSpec",
        "AlarmInfo",
        "AlarmEventArgument",
        "PrivilegePolicyDef",
        "HostSystemIdentificationInfo",
        "TaskInfo",
        "HostDiagnosticPartition",
        "VirtualMachineQuestionInfo",
        "HostService",
        "HostFirewallRuleset",
        "HostOpaqueNetworkInfo",
    ]
)
"""Types whose name is no one's choice."""
_CHOSEN = frozenset(
    {("Tag", "key"), ("CustomFieldStringValue", "value"), ("KeyValue", "value"), ("TaskInfo", "entityName")}
)
_PATHS = frozenset(["fileName", "vmPathName", "snapshotDirectory", "suspendDirectory", "logDirectory"])
_FILE = ("VirtualMachineFileLayoutExFileInfo", "name")
_URLS = frozenset({"url", "containerId", "path"})
_OF_PRODUCTS = re.compile(
    r"[vV]ersion|^build$|^fullName$|^patchLevel$|^guest(Id|FullName|DetailedData)$|^(model|vendor|cpuModel)$"
)
"""What is known of products, whose versions are no addresses and whose words are no names."""


class Anonymiser:
    """Rewrites lines. The same `pseudonyms` for a whole recording keep what belongs together together."""

    def __init__(self, pseudonyms: Pseudonyms, *, names: bool, counters: Collection[str]) -> None:
        """Args as follows.

        Args:
            pseudonyms: Makes them.
            names: Take away names too; otherwise secrets only.
            counters: The names of the performance counters whose definitions stay, when names go.
        """
        self._pseudonyms, self._names, self._counters = pseudonyms, names, frozenset(counters)
        self._rewrite = Rewrite(text=self._text, word=self._moid, moid=self._moid, octets=self._octets)
        self.called: dict[str, tuple[str, str]] = {}
        """By id, what an object is called and what it is called in the recording."""

    def line(self, line: Line) -> Line:
        """The line as it may leave the house."""
        match line:
            case Header():
                return replace(line, about=self._object("AboutInfo", line.about))
            case Properties():
                values = {path: self._property(line.type, line.moid, path, xml) for path, xml in line.values.items()}
                return replace(line, moid=self._moid(line.moid), values=values)
            case Gone() | HostClock():
                return replace(line, moid=self._moid(line.moid))
            case Happened():
                return replace(line, event=self._event(line.event))
            case Samples():
                series = tuple((counter, self._moid(instance), values) for counter, instance, values in line.series)
                return replace(line, moid=self._moid(line.moid), series=series)
            case Licences():
                type_ = "LicenseAssignmentManagerLicenseAssignment"
                return replace(line, assignments=tuple(self._object(type_, one) for one in line.assignments))
            case Tags():
                return replace(line, tags={self._moid(moid): self._pairs(one) for moid, one in line.tags.items()})
            case _:
                return line

    def _pairs(self, pairs: Collection[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        name: Callable[[str], str] = self._pseudonyms.name if self._names else str
        return tuple((name(category), name(tag)) for category, tag in pairs)

    def _property(self, type_: str, moid: str, path: str, xml: str) -> str:
        element = element_of(xml)
        if path == _COUNTERS and self._names:
            self._known_counters(element)
            return element_text(element)
        before = element.text or ""
        rewrite_property(type_, path, element, self._rewrite)
        if path == "name":
            self.called[moid] = (before, element.text or "")
        return element_text(element)

    def _object(self, type_: str, xml: str) -> str:
        if not xml:
            return xml
        element = element_of(xml)
        rewrite_object(type_, element, self._rewrite)
        return element_text(element)

    def _event(self, xml: str) -> str:
        """Names that an event speaks of are taken out of its sentence first, whatever words they are made of."""
        element = element_of(xml)
        named: dict[str, str] = {}

        def collect(place: Place, text: str) -> str:
            if text and _is_name(place):
                named[text] = self._pseudonyms.name(text)
            return text

        if self._names:
            rewrite_object("Event", element, Rewrite(text=collect, word=str, moid=str, octets=lambda _, octets: octets))
        told = next((child for child in element if local(child.tag) == "fullFormattedMessage"), None)
        sentence = told.text if told is not None and told.text else ""
        rewrite_object("Event", element, self._rewrite)
        if told is not None and self._names:
            told.text = self._sentence(sentence, named)
        return element_text(element)

    def _sentence(self, text: str, named: dict[str, str]) -> str:
        if not named:
            return self._pseudonyms.message(text)
        names = "|".join(map(re.escape, sorted(named, key=len, reverse=True)))
        parts = re.split(rf"(?<![^\W_])({names})(?![^\W_])", text)
        return "".join(named[part] if place % 2 else self._pseudonyms.message(part) for place, part in enumerate(parts))

    def _known_counters(self, array: ET.Element) -> None:
        """Only those that are asked for, and of these no words but those they are known by."""
        for info in list(array):
            parts = {local(child.tag): child for child in info}
            told = [(_key(parts.get(one)) or "") for one in ("groupInfo", "nameInfo")]
            rollup = parts.get("rollupType")
            name = ".".join([*told, (rollup.text or "") if rollup is not None else ""])
            if name not in self._counters:
                array.remove(info)
                continue
            for description in (parts.get(one) for one in ("groupInfo", "nameInfo", "unitInfo")):
                for child in () if description is None else description:
                    child.text = _key(description)

    def _text(self, place: Place, text: str) -> str:
        pseudonyms = self._pseudonyms
        if place.name == "licenseKey":
            return pseudonyms.secret(text)
        if place.name == "value" and _SECRET_SETTING.search(place.key):
            return REMOVED
        if not self._names:
            return text
        if place.name == "eventTypeId" and text in EVENT_KINDS:
            return text
        if place.name in _PATHS or (place.owner, place.name) == _FILE:
            return pseudonyms.path(text)
        if _is_name(place):
            return pseudonyms.name(text)
        if place.name in _URLS:
            return pseudonyms.url(text)
        if _OF_PRODUCTS.search(place.name):
            return pseudonyms.technical(text, version=True)
        return pseudonyms.message(text)

    def _moid(self, moid: str) -> str:
        """Also of words of enumerations: those that the tables know are all in the vocabulary."""
        return self._pseudonyms.technical(moid) if self._names else moid

    def _octets(self, place: Place, octets: bytes) -> bytes:
        if not self._names:
            return octets
        return only_dates(octets) if place.name == "certificate" else b""


def _is_name(place: Place) -> bool:
    if (place.owner, place.name) in _CHOSEN:
        return True
    return place.name in _NAMES and place.owner not in _OF_MACHINES


def _key(description: ET.Element | None) -> str | None:
    return None if description is None else next((one.text for one in description if local(one.tag) == "key"), None)
