"""What a vCenter answered, recorded and played back: the agent must read the same."""

from dataclasses import replace
from pathlib import Path

import pytest
from pyVmomi import vim

from agent.health.look import Look
from agent.health.runner import evaluate
from agent.simulator.estate import municipality, standalone_esxi
from agent.simulator.objects import Estate
from agent.simulator.vcenter import SimulatedVCenter
from tests.recorded import looked, recording_of, replayed
from tests.simulator.simulated_time import SimulatedTime
from tests.simulator.tiny_estate import tiny_estate


@pytest.fixture(scope="module", params=["vcenter", "esxi"])
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Look, Look]:
    """What the agent reads of a vCenter, and of its recording a day later."""
    folder, clock = tmp_path_factory.mktemp("both"), SimulatedTime()
    estate = Estate(7, clock.now)
    if request.param == "vcenter":
        municipality(estate, vms=20)
    else:
        standalone_esxi(estate)
    with SimulatedVCenter(estate, kind=request.param) as vcenter:
        original = with_known_licences(looked(vcenter, clock, folder))
        path = recording_of(vcenter, clock, folder)
    with replayed(path, clock) as (vcenter, _):
        return original, with_known_licences(looked(vcenter, clock, folder))


def with_known_licences(look: Look) -> Look:
    """Licences are known by a digest of their keys, which are in no recording: here they are known by their names."""
    licences = tuple(replace(one, id=one.name or "") for one in look.inventory.licences or ())
    inventory = replace(look.inventory, licences=licences)
    return replace(look, inventory=inventory, target=replace(look.target, inventory=inventory))


def test_the_agent_reads_the_same_inventory_from_the_recording(both: tuple[Look, Look]) -> None:
    original, replay = both
    assert replay.inventory.about == original.inventory.about
    for name in ("vms", "hosts", "clusters", "datastores", "networks", "folders", "resource_pools"):
        assert getattr(replay.inventory, name) == getattr(original.inventory, name)
    assert replay.inventory == original.inventory


def test_the_agent_reads_the_same_events_from_the_recording(both: tuple[Look, Look]) -> None:
    original, replay = both
    assert replay.events == original.events


def test_the_agent_reads_the_same_counters_from_the_recording(both: tuple[Look, Look]) -> None:
    original, replay = both
    assert original.measured is not None
    assert replay.measured == original.measured


def test_the_health_checks_find_the_same_in_the_recording(both: tuple[Look, Look]) -> None:
    original, replay = both
    assert evaluate(replay) == evaluate(
        replace(original, target=replace(original.target, address=replay.target.address))
    )


def test_what_is_odd_in_the_original_is_odd_in_the_recording(tmp_path: Path) -> None:
    clock = SimulatedTime()
    with SimulatedVCenter(tiny_estate(clock.now)) as vcenter:
        faults = vcenter.faults
        faults.unknown_enum("vm-1", "runtime.powerState")
        faults.unknown_type("vm-2", "config.hardware.numCPU")
        faults.control_character("vm-3", "name")
        faults.deny(None, vim.HostSystem, "config.lockdownMode", "Host.Config.Lockdown")
        original = looked(vcenter, clock, tmp_path).inventory
        path = recording_of(vcenter, clock, tmp_path)
    with replayed(path, clock) as (vcenter, _):
        replay = looked(vcenter, clock, tmp_path).inventory
    assert original.vms["vm-1"].power_state == "unheardOf"
    assert original.vms["vm-3"].name is None, "no answer with it can be read"
    assert replay.vms == original.vms
    assert replay.hosts == original.hosts
    assert [one for one in replay.unreadable if one.moid] == [one for one in original.unreadable if one.moid]
