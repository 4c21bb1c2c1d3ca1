"""An anonymised recording: nothing in it names anyone, and the agent counts and judges the same."""

import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pyVmomi import VmomiSupport, vim

from agent.health.look import Look
from agent.health.runner import evaluate
from agent.model.world import Target, World
from agent.recording.file import read_recording
from agent.recording.lines import Licences, Properties
from agent.recording.pseudonyms import Pseudonyms
from agent.simulator.estate import municipality
from agent.simulator.objects import Estate
from agent.simulator.tagging import Tagging
from agent.simulator.vcenter import SimulatedVCenter
from exporters.prometheus.page import Cache, render
from tests.recorded import EVERYTHING, looked, recording_of, replayed
from tests.simulator.simulated_time import SimulatedTime
from tests.simulator.tiny_estate import tiny_estate

LICENCE = "AA0BB-1CC2D-3EE4F-5GG6H-7JJ8K"
CANARY = re.compile("kanarie|hemmelig", re.IGNORECASE)


def estate_of(clock: SimulatedTime, vms: int = 25) -> Estate:
    estate = Estate(7, clock.now)
    municipality(estate, vms=vms)
    return estate


class Pair(NamedTuple):
    """What is read of a vCenter, and of its anonymised recording."""

    original: Look
    replay: Look
    text: str


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    folder, clock = tmp_path_factory.mktemp("pair"), SimulatedTime()
    with SimulatedVCenter(estate_of(clock)) as vcenter:
        original = looked(vcenter, clock, folder)
        path = recording_of(vcenter, clock, folder, anonymised=True)
    with replayed(path, clock) as (vcenter, _):
        return Pair(original, looked(vcenter, clock, folder), gzip.decompress(path.read_bytes()).decode())


def values(target: Target) -> Mapping[str, list[str]]:
    """By metric, its values in order, whatever their labels."""
    now = SimulatedTime().now()
    page = render(World(version="test", started_at=now, targets={"dc1": target}), now, Cache())
    found = defaultdict(list)
    for line in gzip.decompress(page.gzip_text).decode().splitlines():
        if not line.startswith("#"):
            name, value = re.fullmatch(r"([a-zA-Z_:][\w:]*)(?:\{.*\})? (\S+)", line).groups()
            found[name].append(value)
    return {name: sorted(one) for name, one in found.items()}


def test_every_metric_has_the_same_values_apart_from_its_labels(pair: Pair) -> None:
    reports = [evaluate(look) for look in (pair.original, pair.replay)]
    original, replay = (
        values(replace(look.target, health=report))
        for look, report in zip((pair.original, pair.replay), reports, strict=True)
    )
    assert len(original) > 150
    assert replay == original


def test_every_check_finds_as_much_as_before(pair: Pair) -> None:
    original, replay = (Counter(one.check for one in evaluate(look).findings) for look in pair[:2])
    assert replay == original
    unknown = [{(gap.check, gap.reason, gap.source) for gap in evaluate(look).gaps} for look in pair[:2]]
    assert unknown[0] == unknown[1]


def test_events_keep_their_kind_their_time_and_what_they_are_about(pair: Pair) -> None:
    facts = [
        [(one.key, one.chain_id, one.kind, one.created, one.vm, one.host, one.cluster) for one in look.events or ()]
        for look in pair[:2]
    ]
    assert len(facts[0]) > 100
    assert facts[0] == facts[1]


def test_counters_are_the_same_to_the_last_sample(pair: Pair) -> None:
    def figures(look: Look) -> dict[str, list[str]]:
        assert look.measured is not None
        entities = look.measured.rounds[-1][1].entities
        return {
            kind: sorted(
                f"{sorted(name for name, _ in one.totals)} {sorted(one.totals.values())} {sorted(map(str, one.gauges.values()))}"
                for one in of_kind.values()
            )
            for kind, of_kind in entities.items()
        }

    assert {len(one) > 1 for one in figures(pair.original).values()} == {True}
    assert figures(pair.replay) == figures(pair.original)


def test_no_name_of_the_estate_is_in_the_file(pair: Pair) -> None:
    inventory = pair.original.inventory
    named = [*inventory.vms.values(), *inventory.hosts.values(), *inventory.clusters.values()]
    words = {word.casefold() for one in named for word in re.findall(r"[^\W\d_]{4,}", one.name or "")}
    words |= {
        word.casefold() for vm in inventory.vms.values() for word in re.findall(r"[^\W\d_]{6,}", vm.annotation or "")
    }
    assert {"kommune", "selvbetjening", "borgerservice"} <= words
    text = pair.text.casefold()
    kept = {"backup", "test", "server", "proxy", "storage", "print", "mail", "ubuntu", "windows"}
    assert [word for word in sorted(words - kept) if re.search(rf"(?<![^\W\d_]){word}(?![^\W\d_])", text)] == []
    assert "kommune" not in text


def test_what_has_one_name_has_one_pseudonym_wherever_it_is_named(pair: Pair) -> None:
    inventory = pair.replay.inventory
    for vm in inventory.vms.values():
        if vm.vmx_path and pair.original.inventory.vms[vm.moid].vmx_path.endswith(
            f"{pair.original.inventory.vms[vm.moid].name}.vmx"
        ):
            assert vm.vmx_path.endswith(f"{vm.name}.vmx")
            store = re.match(r"\[(.*?)\]", vm.vmx_path)[1]
            assert store in {one.name for one in inventory.datastores.values()}
    for event in pair.replay.events or ():
        if event.vm in inventory.vms and event.message and event.vm_name == inventory.vms[event.vm].name:
            assert "on" not in event.message.split() or event.vm_name in event.message


def test_addresses_that_shared_a_subnet_share_one_still(pair: Pair) -> None:
    def subnets(look: Look) -> list[list[str]]:
        found = defaultdict(list)
        for moid, vm in look.inventory.vms.items():
            if vm.ip_address:
                found[vm.ip_address.rpartition(".")[0]].append(moid)
        return sorted(found.values())

    assert len(subnets(pair.original)) > 5
    assert subnets(pair.replay) == subnets(pair.original)
    before, after = ({vm.ip_address for vm in look.inventory.vms.values()} - {None} for look in pair[:2])
    assert len(before) == len(after)
    assert not before & after


def plant(value: Any, word: Iterator[str], seen: set[int]) -> None:
    """Put words of their own into every text below a value."""
    if id(value) in seen or not isinstance(value, VmomiSupport.DataObject | list):
        return
    seen.add(id(value))
    if isinstance(value, list):
        for number, one in enumerate(value):
            if type(one) is str:
                value[number] = next(word)
            else:
                plant(one, word, seen)
        return
    for info in value._GetPropertyList():
        one = getattr(value, info.name)
        if type(one) is str and info.type is str:
            setattr(value, info.name, next(word))
        else:
            plant(one, word, seen)


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
    estate = estate_of(clock, vms=20)
    supply, seen = words(), set()
    planted = 0
    with SimulatedVCenter(estate) as vcenter:  # with all its managers
        for entry in estate.entries.values():
            for name, value in list(entry.props.items()):
                if type(value) is str:
                    entry.props[name] = next(supply)
                else:
                    plant(value, supply, seen)
            entry.xml.clear()
        for event in estate.events:
            plant(event, supply, seen)
        plant(estate.licence_assignments, supply, seen)
        planted = int(re.findall(r"\d+", next(supply))[-1])
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
    assert planted > 3000
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
