"""Dumps of `govc object.save`: a folder with an XML file for each object, as it was at one moment.

govmomi's command line and its simulator write and read them. There are no events in a dump and no samples.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from pyVmomi import vim

from agent.clock import Clock
from agent.errors import AgentError
from agent.recording.elements import element_of, element_text, local
from agent.simulator.objects import Estate
from agent.simulator.replay.answered_estate import assigned, fill
from agent.simulator.replay.samples import ReplayedSamples
from agent.simulator.replay.values import value_at
from agent.simulator.service import INSTANCE, Kind

_LARGEST_FILE_BYTES = 64 << 20
_STILL = timedelta()
"""Nothing in a dump says when it was made: times stay as they are."""


def estate_of_dump(folder: Path, clock: Clock) -> tuple[Estate, Kind]:
    """The estate that was saved, and whether it is a vCenter's or an ESXi host's.

    Raises:
        AgentError: the folder holds no dump, or one that cannot be read.
    """
    objects: dict[tuple[str, str], dict[str, str]] = {}
    for file in sorted(folder.glob("*.xml")):
        type_, moid, values = _object(file)
        objects[type_, moid] = values
    content = objects.pop(("ServiceInstance", INSTANCE), {}).get("content", "")
    if not content:
        raise AgentError(f"{folder} is no dump of govc object.save", cure="it has no file of the ServiceInstance")
    about = next((one for one in element_of(content) if local(one.tag) == "about"), None)
    told = "" if about is None else element_text(about)
    kind: Kind = "esxi" if "<apiType>HostAgent</apiType>" in told else "vcenter"
    estate = Estate(0, clock.now)
    estate.recorded_samples = ReplayedSamples(0)
    fill(estate, objects, kind=kind, about=told, shift=_STILL, source=str(folder))
    _set_options(estate, objects)
    licences = (one for one in folder.glob("LicenseAssignmentManager-*/QueryAssignedLicenses.xml"))
    estate.licence_assignments = assigned((text for file in licences for text in _returned(file)), _STILL)
    return estate, kind


def _object(file: Path) -> tuple[str, str, dict[str, str]]:
    """Type, id and properties of an ObjectContent file."""
    root = _parsed(file)
    reference = next((one for one in root if local(one.tag) == "obj"), None)
    if local(root.tag) != "ObjectContent" or reference is None:
        raise AgentError(f"{file} holds no object", cure="are there other files in the folder?")
    values = {}
    for one in root:
        if local(one.tag) == "propSet" and len(one) == 2:
            values[one[0].text or ""] = element_text(one[1])
    return reference.get("type", ""), reference.text or "", values


def _returned(file: Path) -> Iterator[str]:
    """The elements that a call returned."""
    for one in _parsed(file):
        one.tag = "returnval"
        yield element_text(one)


def _parsed(file: Path) -> ET.Element:
    try:
        if file.stat().st_size > _LARGEST_FILE_BYTES:
            raise AgentError(f"{file} is larger than any object")
        text = file.read_bytes()
        if b"<!" in text:
            raise AgentError(f"{file} declares a document type", cure="govc writes none: was it altered?")
        return ET.fromstring(text)  # noqa: S314 - declarations are refused above
    except ET.ParseError as error:
        raise AgentError(f"{file} is not well-formed XML ({error})", cure="save it again") from None
    except OSError as error:
        raise AgentError(f"cannot read {file}: {error.strerror}") from None


def _set_options(estate: Estate, objects: dict[tuple[str, str], dict[str, str]]) -> None:
    for (type_, _), values in objects.items():
        if type_ == "OptionManager" and "setting" in values:
            try:
                settings = value_at(vim.option.OptionManager, "setting", values["setting"])
            except ValueError:
                continue
            estate.options.update({one.key: one.value for one in settings})
