"""People create, remove, rename and reconfigure VMs; alarms come and go."""

import pytest
from pyVmomi import vim

from agent.simulator.estate import municipality
from agent.simulator.objects import Estate
from agent.simulator.scenario_changes import alarm_clear, alarm_raise, reconfigure, rename, vm_create, vm_remove
from agent.simulator.scenario_power import power_on
from agent.simulator.schema import id_of
from tests.simulator.simulated_time import SimulatedTime

VM = vim.VirtualMachine


class Site:
    def __init__(self):
        self.time = SimulatedTime()
        self.estate = Estate(7, self.time.now)
        municipality(self.estate, vms=40)
        self.vm = self.estate.ids(VM)[0]
        self.time.advance(60)
        self._seen = len(self.estate.events)

    def fresh(self):
        fresh = self.estate.events[self._seen :]
        self._seen += len(fresh)
        return fresh

    def holders(self, vm):
        get = self.estate.get
        return [id_of(get(vm, "runtime.host")), id_of(get(vm, "datastore")[0]), id_of(get(vm, "network")[0])]


@pytest.fixture
def site():
    return Site()


def kinds(events):
    return [type(event).__name__.rpartition(".")[2] for event in events]


def test_a_created_vm_is_like_another_without_its_snapshots_and_off(site):
    assert site.estate.get(site.vm, "snapshot") is not None
    moid = vm_create(site.estate, "lønsystem-ny", like=site.vm)
    assert kinds(site.fresh()) == ["VmBeingCreatedEvent", "VmCreatedEvent"]
    get = site.estate.get
    assert get(moid, "name") == get(moid, "config.name") == get(moid, "summary.config.name") == "lønsystem-ny"
    assert get(moid, "runtime.powerState") == "poweredOff"
    assert get(moid, "snapshot") is None
    assert get(moid, "config.createDate") == site.time.now()
    assert get(moid, "config.instanceUuid") != get(site.vm, "config.instanceUuid")
    assert get(moid, "config.files.vmPathName").endswith("lønsystem-ny/lønsystem-ny.vmx")
    assert get(moid, "summary.storage.committed") == sum(file.size for file in get(moid, "layoutEx.file"))
    for holder in site.holders(moid):
        assert moid in [id_of(ref) for ref in get(holder, "vm")]
    assert moid in [id_of(ref) for ref in get(id_of(get(moid, "parent")), "childEntity")]
    power_on(site.estate, moid)
    assert get(moid, "guestHeartbeatStatus") == "green"


def test_a_removed_vm_leaves_every_list_and_gives_back_its_space(site):
    get = site.estate.get
    holders, parent = site.holders(site.vm), id_of(get(site.vm, "parent"))
    free, committed = get(holders[1], "summary.freeSpace"), get(site.vm, "summary.storage.committed")
    snapshot = id_of(get(site.vm, "rootSnapshot")[0])
    vm_remove(site.estate, site.vm)
    (event,) = site.fresh()
    assert kinds([event]) == ["VmRemovedEvent"]
    assert id_of(event.vm.vm) == site.vm
    assert site.vm not in site.estate
    assert snapshot not in site.estate
    for holder in holders:
        assert site.vm not in [id_of(ref) for ref in get(holder, "vm")]
    assert site.vm not in [id_of(ref) for ref in get(parent, "childEntity")]
    assert get(holders[1], "summary.freeSpace") - free == committed


def test_a_removed_vm_is_forgotten_by_its_switch_its_cluster_and_the_alarms(site):
    get = site.estate.get
    sql = next(vm for vm in site.estate.ids(VM) if get(vm, "name") == "sql01")
    alarm_raise(site.estate, sql, "alarm-6", "red")
    vm_remove(site.estate, sql)
    gone = str(VM(sql))
    config = get("domain-c101", "configurationEx")
    assert gone not in str([config.rule, config.group, config.dasVmConfig, config.drsVmConfig])
    assert gone not in str(get("dvs-700", "summary.vm"))
    assert "alarm-6" not in {id_of(state.alarm) for state in get("group-d1", "triggeredAlarmState")}


def test_a_rename_is_seen_everywhere_and_the_files_keep_their_name(site):
    old, path = site.estate.get(site.vm, "name"), site.estate.get(site.vm, "config.files.vmPathName")
    rename(site.estate, site.vm, "æblegrød01")
    (event,) = site.fresh()
    assert (event.oldName, event.newName) == (old, "æblegrød01")
    assert site.estate.get(site.vm, "name") == site.estate.get(site.vm, "summary.config.name") == "æblegrød01"
    assert site.estate.get(site.vm, "config.files.vmPathName") == path


def test_a_reconfiguration_says_what_it_changed(site):
    get = site.estate.get
    before = get(site.vm, "config.hardware.memoryMB")
    reconfigure(site.estate, site.vm, cpus=12, memory_mib=before * 2, user="KOMMUNE\\drift-vendor")
    (event,) = site.fresh()
    assert f"config.hardware.memoryMB: {before} -> {before * 2}" in event.configChanges.modified
    assert event.userName == "KOMMUNE\\drift-vendor"
    assert get(site.vm, "config.hardware.numCPU") == get(site.vm, "summary.config.numCpu") == 12
    assert get(site.vm, "runtime.maxMemoryUsage") == before * 2
    assert get(site.vm, "config.modified") == site.time.now()


def test_a_reconfiguration_of_the_cpus_leaves_the_memory(site):
    before = site.estate.get(site.vm, "config.hardware.memoryMB")
    reconfigure(site.estate, site.vm, cpus=2)
    assert site.estate.get(site.vm, "config.hardware.memoryMB") == before
    assert "memoryMB" not in site.fresh()[0].configChanges.modified


def test_an_alarm_is_raised_worsens_and_clears_on_every_level(site):
    levels = [site.vm, *site.estate.ancestors(site.vm)]
    before = [len(site.estate.get(level, "triggeredAlarmState")) for level in levels]
    alarm_raise(site.estate, site.vm, "alarm-6", "yellow")
    alarm_raise(site.estate, site.vm, "alarm-6", "red")
    events = site.fresh()
    assert [(getattr(event, "from"), event.to) for event in events] == [("green", "yellow"), ("yellow", "red")]
    (state,) = [s for s in site.estate.get("group-d1", "triggeredAlarmState") if id_of(s.alarm) == "alarm-6"]
    assert (state.overallStatus, state.time, state.eventKey) == ("red", site.time.now(), events[-1].key)
    alarm_clear(site.estate, site.vm, "alarm-6")
    assert [event.to for event in site.fresh()] == ["green"]
    assert [len(site.estate.get(level, "triggeredAlarmState")) for level in levels] == before


def test_clearing_an_alarm_that_is_not_triggered_says_nothing(site):
    alarm_clear(site.estate, site.vm, "alarm-6")
    assert site.fresh() == []
