"""WaitForUpdatesEx has vCenter's version semantics, not those of a simulator that accepts any version."""

import threading

import pytest
from pyVmomi import vim, vmodl

from agent.simulator.vcenter import SimulatedVCenter
from tests.simulator.clients import Client, connected, spec, updates, wait

WATCHED = ("name", "runtime.powerState", "runtime.bootTime")


def test_the_first_answer_holds_every_object_with_its_properties(client: Client) -> None:
    found = updates(wait(client.collector(vim.VirtualMachine, *WATCHED), ""))
    assert {(kind, moid) for kind, moid, _ in found} == {("enter", f"vm-{number}") for number in range(1, 5)}
    assert {moid: set(changed) for _, moid, changed in found} == {
        **{moid: set(WATCHED) for moid in ("vm-1", "vm-2", "vm-3")},
        "vm-4": {"name", "runtime.powerState"},
    }


def test_a_change_is_told_by_the_path_the_filter_names(vcenter: SimulatedVCenter, client: Client) -> None:
    collector = client.collector(vim.VirtualMachine, "name", "runtime")
    version = wait(collector, "").version
    vcenter.estate.set("vm-2", "runtime.powerState", "poweredOff")
    ((kind, moid, changed),) = updates(wait(collector, version))
    assert (kind, moid, list(changed)) == ("modify", "vm-2", ["runtime"])
    assert changed["runtime"].powerState == "poweredOff"


def test_a_property_that_became_unset_is_assigned_nothing(vcenter: SimulatedVCenter, client: Client) -> None:
    collector = client.collector(vim.VirtualMachine, *WATCHED)
    version = wait(collector, "").version
    vcenter.estate.set("vm-2", "runtime.bootTime", None)
    assert updates(wait(collector, version)) == [("modify", "vm-2", {"runtime.bootTime": None})]


def test_nothing_new_is_no_answer_and_the_version_stays_good(vcenter: SimulatedVCenter, client: Client) -> None:
    collector = client.collector(vim.VirtualMachine, *WATCHED)
    version = wait(collector, "").version
    vcenter.estate.set("vm-1", "summary.quickStats.overallCpuUsage", 99)
    vcenter.estate.set("vm-1", "guestHeartbeatStatus", "yellow")
    assert wait(collector, version) is None
    vcenter.estate.set("vm-1", "name", "srv-10")
    assert updates(wait(collector, version)) == [("modify", "vm-1", {"name": "srv-10"})]


def test_a_lost_answer_can_be_asked_for_again(vcenter: SimulatedVCenter, client: Client) -> None:
    collector = client.collector(vim.VirtualMachine, *WATCHED)
    version = wait(collector, "").version
    vcenter.estate.set("vm-1", "name", "srv-10")
    assert updates(wait(collector, version)) == updates(wait(collector, version))


def test_a_version_is_gone_once_a_later_one_was_used(vcenter: SimulatedVCenter, client: Client) -> None:
    collector = client.collector(vim.VirtualMachine, *WATCHED)
    first = wait(collector, "").version
    vcenter.estate.set("vm-1", "name", "srv-10")
    second = wait(collector, first).version
    vcenter.estate.set("vm-1", "name", "srv-11")
    wait(collector, second)
    with pytest.raises(vmodl.query.InvalidCollectorVersion):
        wait(collector, first)


def test_a_long_answer_comes_in_parts_each_good_for_one_use(client: Client) -> None:
    collector = client.collector(vim.VirtualMachine, *WATCHED)
    first = wait(collector, "", at_most=3)
    second = wait(collector, first.version, at_most=3)
    assert (first.truncated, bool(second.truncated)) == (True, False)
    assert sorted(moid for _, moid, _ in updates(first) + updates(second)) == ["vm-1", "vm-2", "vm-3", "vm-4"]
    with pytest.raises(vmodl.query.InvalidCollectorVersion):
        wait(collector, first.version)
    assert wait(collector, second.version) is None


def test_a_change_between_two_parts_is_not_lost(vcenter: SimulatedVCenter, client: Client) -> None:
    collector = client.collector(vim.VirtualMachine, *WATCHED)
    first = wait(collector, "", at_most=1)
    ((_, seen, _),) = updates(first)
    vcenter.estate.set(seen, "name", "renamed")
    rest = wait(collector, first.version, at_most=100)
    assert updates(wait(collector, rest.version)) == [("modify", seen, {"name": "renamed"})]


def test_a_hundred_objects_are_one_part_when_no_number_is_asked(client: Client, vcenter: SimulatedVCenter) -> None:
    extra = [vim.VirtualMachine(f"vm-{number}") for number in range(100, 200)]
    for one in extra:
        vcenter.estate.add(vim.VirtualMachine, one._moId, name=one._moId, parent=vim.Folder("group-v1"))
    vcenter.estate.set("group-v1", "childEntity", [*vcenter.estate.get("group-v1", "childEntity"), *extra])
    first = wait(client.collector(vim.VirtualMachine, "name"), "")
    assert (len(updates(first)), first.truncated) == (100, True)


def test_objects_enter_and_leave_with_the_inventory(vcenter: SimulatedVCenter, client: Client) -> None:
    collector = client.collector(vim.VirtualMachine, "name")
    version = wait(collector, "").version
    children = vcenter.estate.get("group-v1", "childEntity")
    vcenter.estate.add(vim.VirtualMachine, "vm-9", name="srv-09", parent=vim.Folder("group-v1"))
    vcenter.estate.set(
        "group-v1", "childEntity", [one for one in children if one._moId != "vm-3"] + [vim.VirtualMachine("vm-9")]
    )
    vcenter.estate.remove("vm-3")
    host_vms = [one for one in vcenter.estate.get("host-1", "vm") if one._moId != "vm-3"]
    vcenter.estate.set("host-1", "vm", host_vms)
    assert updates(wait(collector, version)) == [("leave", "vm-3", {}), ("enter", "vm-9", {"name": "srv-09"})]


def test_a_waiting_client_is_woken_by_a_change(vcenter: SimulatedVCenter, client: Client) -> None:
    collector = client.collector(vim.VirtualMachine, *WATCHED)
    version = wait(collector, "").version
    change = threading.Timer(0.2, vcenter.estate.set, ("vm-1", "name", "srv-10"))
    change.start()
    assert updates(wait(collector, version, seconds=15)) == [("modify", "vm-1", {"name": "srv-10"})]
    change.join(timeout=5)


def test_a_wait_can_be_cancelled_by_another_call(vcenter: SimulatedVCenter, client: Client) -> None:
    collector = client.collector(vim.VirtualMachine, *WATCHED)
    version = wait(collector, "").version
    cancel = threading.Timer(0.3, collector.CancelWaitForUpdates)
    cancel.start()
    with pytest.raises(vmodl.fault.RequestCanceled):
        wait(collector, version, seconds=15)
    cancel.join(timeout=5)


def test_a_wait_ends_with_its_session(vcenter: SimulatedVCenter, client: Client) -> None:
    collector = client.collector(vim.VirtualMachine, *WATCHED)
    version = wait(collector, "").version
    end = threading.Timer(0.3, vcenter.faults.kill_sessions)
    end.start()
    with pytest.raises(vim.fault.NotAuthenticated):
        wait(collector, version, seconds=15)
    end.join(timeout=5)


def test_a_version_from_before_a_restart_is_invalid(vcenter: SimulatedVCenter, client: Client) -> None:
    version = wait(client.collector(vim.VirtualMachine, *WATCHED), "").version
    boot = vcenter.boot
    vcenter.faults.restart()
    assert vcenter.boot != boot
    with connected(vcenter) as again:
        collector = again.collector(vim.VirtualMachine, *WATCHED)
        with pytest.raises(vmodl.query.InvalidCollectorVersion):
            wait(collector, version)


def test_a_destroyed_filter_says_no_more(vcenter: SimulatedVCenter, client: Client) -> None:
    collector = client.pc.CreatePropertyCollector()
    made = collector.CreateFilter(spec(client.view(vim.VirtualMachine), vim.VirtualMachine, "name"), False)
    version = wait(collector, "").version
    made.DestroyPropertyFilter()
    vcenter.estate.set("vm-1", "name", "srv-10")
    left = wait(collector, version)
    assert left is None


def test_clients_of_old_get_all_updates_at_once(vcenter: SimulatedVCenter, client: Client) -> None:
    collector = client.collector(vim.VirtualMachine, "name")
    first = collector.CheckForUpdates("")
    assert len(updates(first)) == 4
    assert collector.CheckForUpdates(first.version) is None
    vcenter.estate.set("vm-1", "name", "srv-10")
    assert updates(collector.WaitForUpdates(first.version)) == [("modify", "vm-1", {"name": "srv-10"})]


def test_a_list_view_takes_in_what_it_is_given(client: Client) -> None:
    view = client.content.viewManager.CreateListView([vim.VirtualMachine("vm-1")])
    collector = client.pc.CreatePropertyCollector()
    collector.CreateFilter(spec(view, vim.VirtualMachine, "name"), False)
    version = wait(collector, "").version
    gone = view.ModifyListView([vim.VirtualMachine("vm-2"), vim.VirtualMachine("vm-77")], [vim.VirtualMachine("vm-1")])
    assert [one._moId for one in gone] == ["vm-77"]
    assert updates(wait(collector, version)) == [("leave", "vm-1", {}), ("enter", "vm-2", {"name": "srv-02"})]
