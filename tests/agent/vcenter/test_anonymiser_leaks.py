"""Words of all kinds are planted in an estate: none of them is in its anonymised recording."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pyVmomi import VmomiSupport, vim

from agent.recording.file import read_recording
from agent.recording.lines import Licences, Properties
from agent.recording.pseudonyms import Pseudonyms
from agent.simulator.estate import municipality
from agent.simulator.objects import Estate
from agent.simulator.tagging import Tagging
from agent.simulator.vcenter import SimulatedVCenter
from tests.recorded import EVERYTHING, recording_of
from tests.simulator.simulated_time import SimulatedTime
from tests.simulator.tiny_estate import tiny_estate

LICENCE = "AA0BB-1CC2D-3EE4F-5GG6H-7JJ8K"
CANARY = re.compile("kanarie|hemmelig", re.IGNORECASE)


def planted_estate(clock: SimulatedTime) -> Estate:
    estate = Estate(7, clock.now)
    municipality(estate, vms=20)
    return estate


def planted(value: Any, word: Iterator[str]) -> Any:
    """The value with words of their own in every text below it. A copy: estates share what all hosts have alike."""
    if isinstance(value, list):
        return type(value)(next(word) if type(one) is str else planted(one, word) for one in value)
    if not isinstance(value, VmomiSupport.DataObject):
        return value
    copy = type(value)()
    vars(copy).update(vars(value))
    for info in value._GetPropertyList():
        one = getattr(value, info.name)
        vars(copy)[info.name] = next(word) if type(one) is str and info.type is str else planted(one, word)
    return copy


def words() -> Iterator[str]:
    shapes = (
        "Kanarie{0}", "kanarie-{0}.hemmelig.example", "HEMMELIG\\kanarie{0}", "Kanariefugl {0} er hemmelig",
        "[Kanarie{0}] hemmelig/kanarie.vmx", "https://kanarie:hemmelig{0}@example.org/x?kanarie={0}", "kanarie{0}",
        "naa.kanarie{0}", "KANARIE_{0}_HEMMELIG", "2026-11-24 kanarie{0}", "10.1.2.3kanarie{0}", "vmnic0kanarie{0}",
    )  # fmt: skip
    number = 0
    while True:
        number += 1
        yield shapes[number % len(shapes)].format(number)


def test_of_secrets_in_every_text_of_the_estate_none_is_in_the_file(tmp_path: Path) -> None:
    clock = SimulatedTime()
    estate = planted_estate(clock)
    supply = words()
    with SimulatedVCenter(estate) as vcenter:  # with all its managers
        for entry in estate.entries.values():
            for name, value in list(entry.props.items()):
                entry.props[name] = next(supply) if type(value) is str else planted(value, supply)
            entry.xml.clear()
        estate.events[:] = [planted(event, supply) for event in estate.events]
        estate.licence_assignments[:] = planted(estate.licence_assignments, supply)
        count = int(re.findall(r"\d+", next(supply))[-1])
        estate.tagging = Tagging()
        category = estate.tagging.category("Kanariekategori")
        estate.tagging.attach(
            estate.tagging.tag(category, "Hemmelig"), "VirtualMachine", estate.ids(vim.VirtualMachine)[0]
        )
        for moid in estate.ids(vim.VirtualMachine)[:2]:
            spec = vim.event.VmEventArgument(name="Kanarie", vm=vim.VirtualMachine(moid))
            estate.event(
                vim.event.VmPoweredOffEvent(
                    vm=spec,
                    template=False,
                    userName="HEMMELIG\\kanarie",
                    fullFormattedMessage="Kanarie på hemmelig er slukket",
                )
            )
        settings = replace(EVERYTHING, categories=("Kanariekategori",))
        path = recording_of(vcenter, clock, tmp_path, settings, anonymised=True)
    text = gzip.decompress(path.read_bytes()).decode()
    assert count > 3000
    assert len(text) > 300_000
    found = {text[max(0, one.start() - 60) : one.end() + 40] for one in CANARY.finditer(text)}
    assert sorted(found)[:5] == []


def test_shapes_that_say_who_somebody_is_do_not_survive(tmp_path: Path) -> None:
    clock = SimulatedTime()
    estate = tiny_estate(clock.now)
    secrets = (
        "203.0.113.77", "2001:db8::beef:77", "00:0c:29:12:ab:cd", "010190-1234", "+45 87654321", "anna.andersen@skole.test",
        "422f6c2a-9a3b-4b1c-8f4d-1c2b3a495867", "Passw0rd", LICENCE,
    )  # fmt: skip
    vm = estate.ids(vim.VirtualMachine)[0]
    estate.set(vm, "config.annotation", " / ".join(secrets))
    with SimulatedVCenter(estate) as vcenter:
        path = recording_of(vcenter, clock, tmp_path, anonymised=True)
    text = gzip.decompress(path.read_bytes()).decode()
    parts = [part for one in secrets for part in re.split(r"[@+ ]|(?<=Passw0rd)|-(?=1234)", one) if len(part) > 4]
    assert [part for part in parts if part.casefold() in text.casefold()] == []


def test_a_name_of_words_that_machines_use_does_not_survive_either(tmp_path: Path) -> None:
    clock = SimulatedTime()
    estate = tiny_estate(clock.now)
    estate.set("vm-1", "name", "Host-Network07")
    estate.set("vm-1", "config.annotation", "password backup storage07")
    estate.set("datastore-1", "name", "Storage-Local07")
    estate.set("datastore-1", "summary.url", "/srv/storage-local07")
    estate.event(
        vim.event.VmPoweredOffEvent(
            vm=vim.event.VmEventArgument(name="Host-Network07", vm=vim.VirtualMachine("vm-1")),
            template=False,
            createdTime=clock.now() - timedelta(minutes=5),
            userName="LOCAL\\Power User",
            fullFormattedMessage="Host-Network07 on host is powered off by Power User with LOCAL\\Power User",
        )
    )
    with SimulatedVCenter(estate) as vcenter:
        path = recording_of(vcenter, clock, tmp_path, anonymised=True)
    text = gzip.decompress(path.read_bytes()).decode().casefold()
    assert [one for one in ("network07", "local07", "storage07", "local\\\\power user") if one in text] == []
    assert "is powered off by" in text


@pytest.mark.parametrize("anonymised", [False, True])
def test_licence_keys_and_settings_that_may_be_secrets_are_in_no_recording(tmp_path: Path, *, anonymised: bool) -> None:
    clock = SimulatedTime()
    estate = tiny_estate(clock.now)
    vm = estate.ids(vim.VirtualMachine)[0]
    option = vim.option.OptionValue
    estate.set(
        vm,
        "config.extraConfig",
        [
            option(key="guestinfo.userdata", value="sesamsesam"),
            option(key="RemoteDisplay.vnc.password", value="sesamsesam"),
        ],
    )
    licence = vim.LicenseManager.LicenseInfo(
        licenseKey=LICENCE, editionKey="esx.vvf", name="vSphere", total=16, used=2, costUnit="cpuCore"
    )
    for host in estate.ids(vim.HostSystem):
        assigned = vim.LicenseAssignmentManager.LicenseAssignment(entityId=host, assignedLicense=licence)
        estate.licence_assignments.append(assigned)
    with SimulatedVCenter(estate) as vcenter:
        vcenter.faults.access.privileges["checkmeter"] = frozenset(
            {"System.Anonymous", "System.View", "System.Read", "Global.Licenses"}
        )
        path = recording_of(vcenter, clock, tmp_path, anonymised=anonymised)
    lines = [one.line for one in read_recording(path)]
    text = gzip.decompress(path.read_bytes()).decode()
    assert "sesamsesam" not in text
    assert LICENCE not in text
    assigned = next(line for line in lines if isinstance(line, Licences))
    listed = next(line for line in lines if isinstance(line, Properties) and "licenses" in line.values)
    keys = [
        re.findall("<licenseKey>(.*?)</licenseKey>", one)
        for one in ("".join(assigned.assignments), listed.values["licenses"])
    ]
    assert len(set(keys[0])) == 1
    assert set(keys[0]) == set(keys[1])


def test_every_word_of_an_enumeration_stays() -> None:
    pseudonyms = Pseudonyms(bytes(32))
    values = {
        value
        for name in VmomiSupport.ListEnumTypes()
        for value in map(str.__str__, VmomiSupport.GetVmodlType(name).values)
        if type(value) is str
    }
    assert len(values) > 1000
    assert [value for value in sorted(values) if pseudonyms.technical(value) != value] == []
