"""An anonymised recording: nothing in it names anyone, and the agent counts and judges the same."""

import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import pytest

from agent.health.look import Look
from agent.health.runner import evaluate
from agent.model.world import Target, World
from agent.simulator.estate import municipality
from agent.simulator.objects import Estate
from agent.simulator.vcenter import SimulatedVCenter
from exporters.prometheus.page import Cache, render
from tests.recorded import looked, recording_of, replayed
from tests.simulator.simulated_time import SimulatedTime


def estate_of(clock: SimulatedTime, vms: int = 20) -> Estate:
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
        return {
            kind: sorted(
                f"{what} {counter} {sorted(column)}"
                for what, columns in (("total", of_kind.totals), ("newest", of_kind.newest))
                for counter, column in columns.items()
            )
            for kind, of_kind in look.measured.rounds[-1].figures.items()
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
