"""The object store: copies on write, and versions that rise only for what vCenter notifies of."""

from datetime import UTC, datetime

import pytest
from pyVmomi import vim

from agent.simulator.objects import Estate
from tests.simulator.tiny_estate import SteppedClock, tiny_estate

START = datetime(2026, 11, 2, 8, tzinfo=UTC)


@pytest.fixture
def estate() -> Estate:
    return tiny_estate(SteppedClock(START))


def test_a_change_of_a_part_leaves_the_old_object_as_it_was(estate: Estate) -> None:
    before = estate.get("vm-1", "runtime")
    estate.set("vm-1", "runtime.powerState", "poweredOff")
    assert (before.powerState, estate.get("vm-1", "runtime.powerState")) == ("poweredOn", "poweredOff")


def test_setting_the_same_value_is_no_change(estate: Estate) -> None:
    version = estate.version
    estate.set("vm-1", "runtime.powerState", "poweredOn")
    estate.set("vm-1", "summary", estate.get("vm-1", "summary"))
    assert estate.version == version


@pytest.mark.parametrize(
    ("moid", "path", "value"),
    [
        ("vm-1", "summary.quickStats.overallCpuUsage", 4000),
        ("vm-1", "summary.overallStatus", "red"),
        ("vm-1", "runtime.maxCpuUsage", 9000),
        ("host-1", "summary.quickStats.overallMemoryUsage", 1),
    ],
)
def test_what_vcenter_does_not_notify_of_changes_quietly(estate: Estate, moid: str, path: str, value: object) -> None:
    version = estate.version
    estate.set(moid, path, value)
    assert estate.get(moid, path) == value
    assert estate.version == version


def test_a_whole_object_set_anew_counts_only_where_it_differs(estate: Estate) -> None:
    summary = vim.vm.Summary(**vars(estate.get("vm-1", "summary")))
    summary.quickStats = vim.vm.Summary.QuickStats(overallCpuUsage=1)
    summary.config = vim.vm.Summary.ConfigSummary(**{**vars(summary.config), "numCpu": 8})
    version = estate.version
    estate.set("vm-1", "summary", summary)
    assert estate.entry("vm-1").touched_since(version, ("summary.config.numCpu", "summary.config.name")) == [
        "summary.config.numCpu"
    ]


def test_a_change_below_a_watched_path_touches_it(estate: Estate) -> None:
    version = estate.version
    estate.set("vm-1", "runtime.powerState", "poweredOff")
    assert estate.entry("vm-1").touched_since(version, ("runtime", "name")) == ["runtime"]


def test_changed_objects_are_found_without_looking_at_the_others(estate: Estate) -> None:
    version = estate.version
    estate.set("vm-3", "name", "srv-30")
    estate.set("vm-1", "name", "srv-10")
    assert [entry.moid for entry in estate.changed_since(version)] == ["vm-1", "vm-3"]


@pytest.mark.parametrize("path", ["powerState", "runtime.power", "runtime.host.name", "name.length"])
def test_a_path_the_type_does_not_have_is_refused(estate: Estate, path: str) -> None:
    with pytest.raises(AttributeError):
        estate.get("vm-1", path)


def test_a_value_of_the_wrong_type_is_refused(estate: Estate) -> None:
    with pytest.raises(TypeError):
        estate.set("vm-1", "runtime.bootTime", "yesterday")


def test_an_object_cannot_be_added_twice(estate: Estate) -> None:
    with pytest.raises(ValueError, match="vm-1"):
        estate.add(vim.VirtualMachine, "vm-1", name="again")


def test_a_computed_property_is_asked_each_time(estate: Estate) -> None:
    ages = iter((1, 2))
    estate.add(vim.Folder, "group-x1", name=lambda: f"answer {next(ages)}")
    assert [estate.get("group-x1", "name") for _ in range(2)] == ["answer 1", "answer 2"]


def test_an_event_gets_a_key_a_chain_and_the_time(estate: Estate) -> None:
    first, second = (estate.event(vim.event.VmPoweredOnEvent(template=False)) for _ in range(2))
    assert (first.key, second.key, second.chainId, second.createdTime) == (1, 2, 2, START)


def test_only_moving_things_changes_the_shape_of_the_inventory(estate: Estate) -> None:
    shape = estate.structure
    estate.set("vm-1", "runtime.powerState", "poweredOff")
    assert estate.structure == shape
    estate.set("vm-1", "runtime.host", vim.HostSystem("host-2"))
    assert estate.structure > shape
