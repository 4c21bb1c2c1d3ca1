"""Reading properties: pages, what is withheld and why, and paths that do not exist."""

import pytest
from pyVmomi import vim, vmodl

from agent.simulator.vcenter import SimulatedVCenter
from tests.simulator.clients import PASSWORD, PC, Client, connected, spec, updates, wait

VM = vim.VirtualMachine


def test_values_arrive_with_the_types_of_the_tables(client: Client) -> None:
    found = client.read(VM, "name", "runtime.powerState", "runtime.host", "datastore", "summary.config.memorySizeMB")
    assert found["vm-1"] == {
        "name": "srv-01",
        "runtime.powerState": VM.PowerState.poweredOn,
        "runtime.host": vim.HostSystem("host-1"),
        "datastore": [vim.Datastore("datastore-1")],
        "summary.config.memorySizeMB": 8192,
    }
    assert isinstance(found["vm-1"]["runtime.powerState"], VM.PowerState)


def test_an_unset_property_is_left_out_and_an_empty_list_is_not(client: Client) -> None:
    found = client.read(VM, "runtime.bootTime", "summary.guest")
    assert ("runtime.bootTime" in found["vm-3"], "runtime.bootTime" in found["vm-4"]) == (True, False)
    clusters = client.read(vim.ClusterComputeResource, "triggeredAlarmState", "customValue")
    assert clusters == {"domain-c1": {"triggeredAlarmState": []}}


def test_every_property_can_be_asked_for_at_once(client: Client) -> None:
    what = PC.PropertySpec(type=VM, all=True, pathSet=[])
    asked = PC.FilterSpec(objectSet=[PC.ObjectSpec(obj=VM("vm-1"))], propSet=[what])
    (one,) = client.pc.RetrievePropertiesEx([asked], PC.RetrieveOptions()).objects
    assert {"name", "runtime", "summary", "guestHeartbeatStatus"} <= {each.name for each in one.propSet}


def test_pages_hold_every_object_once(client: Client) -> None:
    asked = spec(client.view(VM), VM, "name")
    page = client.pc.RetrievePropertiesEx([asked], PC.RetrieveOptions(maxObjects=3))
    rest = client.pc.ContinueRetrievePropertiesEx(page.token)
    assert (len(page.objects), len(rest.objects), rest.token) == (3, 1, None)
    assert {one.obj._moId for one in [*page.objects, *rest.objects]} == {"vm-1", "vm-2", "vm-3", "vm-4"}
    with pytest.raises(vmodl.fault.InvalidArgument):
        client.pc.ContinueRetrievePropertiesEx(page.token)


def test_vcenter_may_send_pages_to_a_client_that_asked_for_none(vcenter: SimulatedVCenter, client: Client) -> None:
    vcenter.faults.page_limit = 3
    page = client.pc.RetrievePropertiesEx([spec(client.view(VM), VM, "name")], PC.RetrieveOptions())
    assert len(page.objects) == 3
    assert len(client.pc.ContinueRetrievePropertiesEx(page.token).objects) == 1


def test_the_rest_of_the_pages_can_be_given_up(client: Client) -> None:
    asked = spec(client.view(VM), VM, "name")
    page = client.pc.RetrievePropertiesEx([asked], PC.RetrieveOptions(maxObjects=1))
    client.pc.CancelRetrievePropertiesEx(page.token)
    with pytest.raises(vmodl.fault.InvalidArgument):
        client.pc.ContinueRetrievePropertiesEx(page.token)


def test_no_object_at_all_is_no_answer(client: Client) -> None:
    assert (
        client.pc.RetrievePropertiesEx(
            [spec(client.view(vim.VirtualApp), vim.VirtualApp, "name")], PC.RetrieveOptions()
        )
        is None
    )


@pytest.mark.parametrize("path", ["bogus", "runtime.bogus", "runtime.host.name"])
def test_a_path_that_does_not_exist_fails_the_call_and_is_named(client: Client, path: str) -> None:
    with pytest.raises(vmodl.query.InvalidProperty) as raised:
        client.read(VM, "name", path)
    assert raised.value.name == path
    with pytest.raises(vmodl.query.InvalidProperty):
        client.collector(VM, path)


def test_an_object_that_is_gone_fails_the_call(client: Client) -> None:
    asked = PC.FilterSpec(
        objectSet=[PC.ObjectSpec(obj=VM("vm-77"))], propSet=[PC.PropertySpec(type=VM, pathSet=["name"])]
    )
    with pytest.raises(vmodl.fault.ManagedObjectNotFound):
        client.pc.RetrievePropertiesEx([asked], PC.RetrieveOptions())


def test_a_traversal_leads_from_object_to_object(client: Client) -> None:
    to_host = PC.TraversalSpec(
        name="host", type=VM, path="runtime.host", skip=False, selectSet=[PC.SelectionSpec(name="vms")]
    )
    to_vms = PC.TraversalSpec(
        name="vms", type=vim.HostSystem, path="vm", skip=True, selectSet=[PC.SelectionSpec(name="host")]
    )
    start = PC.ObjectSpec(obj=VM("vm-1"), skip=True, selectSet=[to_host, to_vms])
    asked = PC.FilterSpec(objectSet=[start], propSet=[PC.PropertySpec(type=vim.HostSystem, pathSet=["name"])])
    answer = client.pc.RetrievePropertiesEx([asked], PC.RetrieveOptions())
    assert [one.obj._moId for one in answer.objects] == ["host-1"]


def test_a_denied_property_is_missing_with_the_privilege_that_would_show_it(
    vcenter: SimulatedVCenter, client: Client
) -> None:
    vcenter.faults.deny("checkmeter", VM, "summary.config", "VirtualMachine.Config.Settings")
    asked = spec(client.view(VM), VM, "name", "summary.config.numCpu")
    answer = client.pc.RetrievePropertiesEx([asked], PC.RetrieveOptions())
    for one in answer.objects:
        assert [each.name for each in one.propSet] == ["name"]
        ((path, fault),) = [(each.path, each.fault) for each in one.missingSet]
        assert (path, type(fault), fault.privilegeId, fault.object) == (
            "summary.config.numCpu",
            vim.fault.NoPermission,
            "VirtualMachine.Config.Settings",
            one.obj,
        )


def test_a_denied_property_is_missing_from_updates_too(vcenter: SimulatedVCenter, client: Client) -> None:
    vcenter.faults.deny(None, VM, "runtime.bootTime", "System.Read")
    answer = wait(client.collector(VM, "name", "runtime.bootTime"), "")
    (update, *_) = answer.filterSet[0].objectSet
    assert [each.name for each in update.changeSet] == ["name"]
    assert [(each.path, each.fault.privilegeId) for each in update.missingSet] == [("runtime.bootTime", "System.Read")]


def test_a_limited_account_sees_its_folder_and_the_way_to_it(vcenter: SimulatedVCenter) -> None:
    vcenter.faults.limit_visibility("folder", "group-v2")
    with connected(vcenter, "folder", PASSWORD) as limited:
        assert set(limited.read(VM, "name")) == {"vm-1", "vm-2"}
        assert limited.content.rootFolder.childEntity == [vim.Datacenter("datacenter-1")]
        assert set(limited.read(vim.Folder, "childEntity")) == {"group-v1", "group-v2"}
        with pytest.raises(vim.fault.NoPermission):
            _ = limited.content.searchIndex.FindByInventoryPath("Rådhus/vm/Borger/srv-01").runtime.host.name
    with connected(vcenter) as full:
        assert len(full.read(VM, "name")) == 4


def test_a_permission_that_ends_makes_objects_leave(vcenter: SimulatedVCenter, client: Client) -> None:
    collector = client.collector(VM, "name")
    version = wait(collector, "").version
    vcenter.faults.limit_visibility("checkmeter", "group-v2")
    assert {(kind, moid) for kind, moid, _ in updates(wait(collector, version))} == {
        ("leave", "vm-3"),
        ("leave", "vm-4"),
    }


def test_what_needs_more_than_reading_is_refused_by_privilege(client: Client) -> None:
    with pytest.raises(vim.fault.NoPermission) as raised:
        client.content.sessionManager.SessionIsActive("key", "checkmeter")
    assert raised.value.privilegeId == "Sessions.ValidateSession"
    with pytest.raises(vim.fault.NoPermission) as raised:
        _ = client.content.licenseManager.licenses
    assert raised.value.privilegeId == "Global.Licenses"


def test_a_required_field_that_an_estate_forgot_is_an_error_not_a_guess(
    vcenter: SimulatedVCenter, client: Client
) -> None:
    vcenter.estate.add(vim.Datastore, "datastore-9", name="bad", summary=vim.Datastore.Summary(name="bad"))
    summary = vcenter.estate.get("datastore-9", "summary")
    object.__setattr__(summary, "name", None)
    asked = PC.FilterSpec(
        objectSet=[PC.ObjectSpec(obj=vim.Datastore("datastore-9"))],
        propSet=[PC.PropertySpec(type=vim.Datastore, pathSet=["summary"])],
    )
    with pytest.raises(vmodl.fault.SystemError, match="not optional"):
        client.pc.RetrievePropertiesEx([asked], PC.RetrieveOptions())
