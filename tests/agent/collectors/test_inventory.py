"""The inventory collector against the simulated vCenter, over the wire."""

import time

from pyVmomi import vim

from agent.model.snapshot import flatten
from agent.simulator.scenario_changes import rename, vm_create, vm_remove
from agent.simulator.scenario_hosts import vmotion
from agent.simulator.scenario_power import power_off, power_on
from agent.simulator.scenario_storage import create_snapshot, remove_snapshot
from tests.agent.collectors.running import new_estate, simulated


def powered_on_vm(estate):
    return next(
        moid
        for moid in estate.ids(vim.VirtualMachine)
        if estate.get(moid, "runtime.powerState") == "poweredOn"
        and estate.get(moid, "runtime.connectionState") == "connected"
    )


def test_the_first_reading_holds_everything_that_the_estate_has(tmp_path):
    with simulated(tmp_path) as (vcenter, running):
        inventory = running.target.inventory
        estate = vcenter.estate
        assert set(inventory.vms) == set(estate.ids(vim.VirtualMachine))
        assert set(inventory.hosts) == set(estate.ids(vim.HostSystem))
        assert set(inventory.clusters) == set(estate.ids(vim.ClusterComputeResource))
        assert set(inventory.datastores) == set(estate.ids(vim.Datastore))
        assert set(inventory.resource_pools) == set(estate.ids(vim.ResourcePool))
        assert set(inventory.folders) == set(estate.ids(vim.Folder)) - set(estate.ids(vim.StoragePod))
        assert inventory.alarm_definitions
        assert inventory.custom_fields
        assert inventory.about.instance_uuid
        assert inventory.skipped == ()
        host = next(iter(inventory.hosts.values()))
        assert host.sensors
        assert host.physical_nics
        assert host.multipath
        vm = inventory.vms[powered_on_vm(estate)]
        assert vm.disks
        assert vm.files
        assert vm.cpu_usage_mhz is not None
        assert vm.storage_committed_bytes


def test_no_object_is_ever_asked_alone_for_a_property(tmp_path):
    with simulated(tmp_path) as (vcenter, running):
        running.until(lambda target: target.collectors["quick"].runs >= 3, "three quick reads were made")
        assert vcenter.calls["Fetch"] == 0
        assert vcenter.calls["RetrievePropertiesEx"] < 30


def test_a_vm_powered_off_is_published_within_two_seconds_although_nothing_polls(tmp_path):
    with simulated(tmp_path, interval_s=600.0, slow_interval_s=600.0) as (vcenter, running):
        moid = powered_on_vm(vcenter.estate)
        before = time.monotonic()
        power_off(vcenter.estate, moid)
        running.until(lambda target: target.inventory.vms[moid].power_state == "poweredOff", "the VM is off")
        assert time.monotonic() - before < 2
        assert running.target.inventory.vms[moid].boot_time is None
        power_on(vcenter.estate, moid)
        running.until(lambda target: target.inventory.vms[moid].power_state == "poweredOn", "the VM is on")


def test_everything_that_moves_is_followed(tmp_path):
    with simulated(tmp_path, interval_s=600.0, slow_interval_s=600.0) as (vcenter, running):
        estate = vcenter.estate
        moid = powered_on_vm(estate)
        here = estate.get(moid, "runtime.host")._moId
        cluster = estate.get(here, "parent")._moId
        there = next(host._moId for host in estate.get(cluster, "host") if host._moId != here)
        vmotion(estate, moid, there)
        running.until(lambda target: target.inventory.vms[moid].host == there, "the VM has moved")
        rename(estate, moid, "omdøbt")
        running.until(lambda target: target.inventory.vms[moid].name == "omdøbt", "the VM has its new name")
        created = vm_create(estate, "nyoprettet", like=moid)
        running.until(lambda target: created in target.inventory.vms, "the new VM is there")
        vm_remove(estate, created)
        running.until(lambda target: created not in target.inventory.vms, "the new VM is gone")
        snapshot = create_snapshot(estate, moid, "før patch")
        running.until(lambda target: snapshot in snapshots_of(target, moid), "the snapshot is there")
        remove_snapshot(estate, moid, snapshot)
        running.until(lambda target: snapshot not in snapshots_of(target, moid), "the snapshot is gone")


def snapshots_of(target, moid):
    return [node.moid for _, node in flatten(target.inventory.vms[moid].snapshots)]


def test_what_is_never_notified_is_polled(tmp_path):
    with simulated(tmp_path) as (vcenter, running):
        moid = powered_on_vm(vcenter.estate)
        vcenter.estate.set(moid, "summary.quickStats.overallCpuUsage", 4321)
        running.until(lambda target: target.inventory.vms[moid].cpu_usage_mhz == 4321, "the usage is read")
        vcenter.estate.set(moid, "summary.storage.committed", 987654321)
        running.until(
            lambda target: target.inventory.vms[moid].storage_committed_bytes == 987654321, "the storage is read"
        )


def test_a_standalone_host_is_read_as_well(tmp_path):
    with simulated(tmp_path, kind="esxi") as (_, running):
        inventory = running.target.inventory
        assert inventory.about.api_type == "HostAgent"
        assert list(inventory.hosts) == ["ha-host"]
        assert len(inventory.vms) == 6
        assert inventory.clusters == {}
        assert running.target.problem is None


def test_a_page_larger_than_vcenter_gives_at_once_is_read_to_its_end(tmp_path):
    with simulated(tmp_path, estate=new_estate(vms=250)) as (vcenter, running):
        assert len(running.target.inventory.vms) == len(vcenter.estate.ids(vim.VirtualMachine)) >= 250


def test_vcenters_clock_is_compared_with_ours(tmp_path):
    with simulated(tmp_path) as (vcenter, running):
        assert abs(running.target.clock_offset_s) < 1
        vcenter.faults.skew_clock(90)
        running.until(lambda target: 89 < target.clock_offset_s < 91, "the skew is seen")


def test_at_the_end_the_agent_logs_out(tmp_path):
    with simulated(tmp_path) as (vcenter, _):
        pass
    assert vcenter.calls["Logout"] == vcenter.calls["Login"] == 1
