"""Hosts fail, come back, go into maintenance; their VMs move, restart, or are out of sight."""

import pytest
from pyVmomi import vim

from agent.simulator.estate import municipality
from agent.simulator.objects import Estate
from agent.simulator.scenario_hosts import (
    enter_maintenance,
    exit_maintenance,
    failover_completed,
    ha_restart,
    host_disconnect,
    host_fail,
    host_reconnect,
    host_recover,
    vmotion,
)
from agent.simulator.schema import id_of
from tests.simulator.simulated_time import SimulatedTime

HOST, PEER, STANDALONE = "host-301", "host-302", "host-299"


class Site:
    def __init__(self):
        self.time = SimulatedTime()
        self.estate = Estate(7, self.time.now)
        municipality(self.estate, vms=40)
        self.time.advance(60)
        self._seen = len(self.estate.events)

    def events(self):
        fresh = self.estate.events[self._seen :]
        self._seen += len(fresh)
        return [getattr(event, "eventTypeId", type(event).__name__.rpartition(".")[2]) for event in fresh]

    def vms(self, host, *states):
        found = [id_of(ref) for ref in self.estate.get(host, "vm")]
        return [vm for vm in found if not states or self.estate.get(vm, "runtime.powerState") in states]


@pytest.fixture
def site():
    return Site()


def test_a_vmotion_changes_only_the_host(site):
    vm = site.vms(HOST, "poweredOn")[0]
    boot = site.estate.get(vm, "runtime.bootTime")
    moves = site.estate.get("domain-c101", "summary").numVmotions
    vmotion(site.estate, vm, PEER)
    assert site.events() == ["VmBeingHotMigratedEvent", "DrsVmMigratedEvent"]
    migrated = site.estate.events[-1]
    assert (id_of(migrated.sourceHost.host), id_of(migrated.host.host)) == (HOST, PEER)
    assert vm not in site.vms(HOST)
    assert vm in site.vms(PEER)
    assert id_of(site.estate.get(vm, "summary.runtime.host")) == PEER
    assert site.estate.get(vm, "runtime.bootTime") == boot
    assert site.estate.get("domain-c101", "summary").numVmotions == moves + 1


def test_a_vmotion_by_hand_names_who_did_it(site):
    vmotion(site.estate, site.vms(HOST, "poweredOn")[0], PEER, user="KOMMUNE\\drift-vendor")
    assert site.events() == ["VmBeingHotMigratedEvent", "VmMigratedEvent"]
    assert site.estate.events[-1].userName == "KOMMUNE\\drift-vendor"


def test_a_failed_host_is_seen_by_vcenter_by_ha_and_by_the_alarm(site):
    running = site.vms(HOST, "poweredOn")
    total = len(site.vms(HOST))
    victims = host_fail(site.estate, HOST)
    assert victims == running
    events = site.events()
    assert events[:2] == ["HostConnectionLostEvent", "AlarmStatusChangedEvent"]
    assert events.count("VmDisconnectedEvent") == total
    assert events[-2:] == [
        "com.vmware.vc.HA.DasHostFailedEvent",
        "com.vmware.vc.HA.ClusterFailoverActionInitiatedEvent",
    ]
    assert site.estate.get(HOST, "runtime.connectionState") == "notResponding"
    for vm in running:
        # vCenter shows what it saw last
        assert site.estate.get(vm, "runtime.powerState") == "poweredOn"
        assert site.estate.get(vm, "runtime.connectionState") == "disconnected"
    assert site.estate.get("domain-c101", "summary.numEffectiveHosts") == 2
    assert any(state.overallStatus == "red" for state in site.estate.get(HOST, "triggeredAlarmState"))


def test_when_the_ha_master_fails_another_host_becomes_master(site):
    assert site.estate.get(HOST, "runtime.dasHostState.state") == "master"
    host_fail(site.estate, HOST)
    states = [site.estate.get(host, "runtime.dasHostState.state") for host in ("host-302", "host-303")]
    assert sorted(states) == ["connectedToMaster", "master"]


def test_ha_restarts_a_vm_elsewhere_with_a_new_boot_time(site):
    vm = host_fail(site.estate, HOST)[0]
    site.events()
    now = site.time.advance(84)
    ha_restart(site.estate, vm, PEER)
    assert site.events() == ["VmPoweredOnEvent", "com.vmware.vc.ha.VmRestartedByHAEvent"]
    assert id_of(site.estate.events[-1].host.host) == PEER
    assert site.estate.get(vm, "runtime.bootTime") == now
    assert site.estate.get(vm, "runtime.connectionState") == "connected"
    assert site.estate.get(vm, "guestHeartbeatStatus") == "green"
    assert vm in site.vms(PEER)


def test_a_host_that_is_back_has_booted_and_the_vms_left_on_it_are_off(site):
    first, *left = host_fail(site.estate, HOST)
    ha_restart(site.estate, first, PEER)
    failover_completed(site.estate, HOST)
    site.events()
    now = site.time.advance(300)
    host_recover(site.estate, HOST)
    events = site.events()
    assert events[:2] == ["esx.audit.host.boot", "HostConnectedEvent"]
    assert events.count("VmPoweredOffEvent") == len(left)
    assert events[-1] == "AlarmStatusChangedEvent"
    assert (now - site.estate.get(HOST, "runtime.bootTime")).total_seconds() == 45
    for vm in left:
        assert site.estate.get(vm, "runtime.powerState") == "poweredOff"
        assert site.estate.get(vm, "runtime.cleanPowerOff") is False
        assert site.estate.get(vm, "runtime.connectionState") == "connected"
    assert site.estate.get(HOST, "runtime.dasHostState.state") == "connectedToMaster"
    assert site.estate.get("domain-c101", "summary.numEffectiveHosts") == 3
    host_connection = [s for s in site.estate.get(HOST, "triggeredAlarmState") if id_of(s.alarm) == "alarm-1"]
    assert host_connection == []


def test_nobody_restarts_the_vms_of_a_standalone_host(site):
    assert host_fail(site.estate, STANDALONE) == []
    assert not any(name.startswith("com.vmware.vc.HA") for name in site.events())
    host_recover(site.estate, STANDALONE)
    assert site.vms(STANDALONE, "poweredOn") == []


def test_maintenance_moves_the_running_vms_away_and_ends(site):
    running = site.vms(HOST, "poweredOn")
    enter_maintenance(site.estate, HOST)
    events = site.events()
    assert events[0] == "EnteringMaintenanceModeEvent"
    assert events.count("DrsVmMigratedEvent") == len(running)
    assert events[-1] == "EnteredMaintenanceModeEvent"
    assert site.vms(HOST, "poweredOn") == []
    assert site.estate.get("domain-c101", "summary.numEffectiveHosts") == 2
    exit_maintenance(site.estate, HOST)
    assert site.events() == ["ExitMaintenanceModeEvent"]
    assert site.estate.get(HOST, "summary.runtime.inMaintenanceMode") is False


def test_a_standalone_host_with_running_vms_cannot_enter_maintenance(site):
    with pytest.raises(ValueError, match="no host left"):
        enter_maintenance(site.estate, STANDALONE)


def test_a_disconnected_hosts_vms_run_on_unseen(site):
    vms = site.vms(HOST)
    boots = [site.estate.get(vm, "runtime.bootTime") for vm in vms]
    host_disconnect(site.estate, HOST)
    assert site.events() == ["HostDisconnectedEvent", *["VmDisconnectedEvent"] * len(vms)]
    assert {site.estate.get(vm, "runtime.connectionState") for vm in vms} == {"disconnected"}
    host_reconnect(site.estate, HOST)
    assert site.events() == ["HostConnectedEvent", *["VmConnectedEvent"] * len(vms)]
    assert [site.estate.get(vm, "runtime.bootTime") for vm in vms] == boots


def test_a_vms_own_trouble_survives_a_disconnect(site):
    estate = site.estate
    orphan = next(
        vm for vm in estate.ids(vim.VirtualMachine) if estate.get(vm, "runtime.connectionState") == "orphaned"
    )
    host = id_of(estate.get(orphan, "runtime.host"))
    host_disconnect(estate, host)
    host_reconnect(estate, host)
    assert estate.get(orphan, "runtime.connectionState") == "orphaned"
