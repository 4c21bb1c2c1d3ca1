"""The life of an estate: driven by the clock, seeded, and always back to normal."""

import threading
from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from pyVmomi import vim

from agent.simulator.estate import municipality
from agent.simulator.estate.totals import serving
from agent.simulator.objects import Estate
from agent.simulator.scenario import Scenario
from agent.simulator.scenario_load import daytime, record_backups
from agent.simulator.schema import id_of
from tests.simulator.simulated_time import SimulatedTime

HA_RESTART = "com.vmware.vc.ha.VmRestartedByHAEvent"
HOST_FAILED = "com.vmware.vc.HA.DasHostFailedEvent"


def name_of(event):
    return getattr(event, "eventTypeId", None) or type(event).__name__.rpartition(".")[2]


def lived(seconds, *, seed=3, speed=1.0, vms=40):
    """An estate after `seconds` of life, and the events of that life."""
    time = SimulatedTime()
    estate = Estate(7, time.now)
    municipality(estate, vms=vms)
    past = len(estate.events)
    scenario = Scenario(estate, seed, speed=speed)
    for _ in range(seconds):
        scenario.step(time.advance(1))
    return estate, estate.events[past:]


@pytest.fixture(scope="module")
def half_an_hour():
    return lived(1800)


def test_about_every_ten_minutes_a_host_fails_and_is_back_some_minutes_later(half_an_hour):
    _, events = half_an_hour
    failures = [event for event in events if name_of(event) == HOST_FAILED]
    assert 2 <= len(failures) <= 3
    for failure in failures:
        back = next(
            event
            for event in events
            if name_of(event) == "HostConnectedEvent"
            and event.host.host == failure.host.host
            and event.key > failure.key
        )
        assert 240 <= (back.createdTime - failure.createdTime).total_seconds() <= 331


def test_ha_restarts_each_vm_60_to_120_seconds_after_the_failure(half_an_hour):
    _, events = half_an_hour
    failed = None
    restarts = 0
    for event in events:
        if name_of(event) == HOST_FAILED:
            failed = event
        elif name_of(event) == HA_RESTART:
            restarts += 1
            assert 60 <= (event.createdTime - failed.createdTime).total_seconds() <= 121
            assert event.host.host != failed.host.host
    assert restarts > 5


def test_vms_move_backups_come_and_go_and_the_vendor_switches_off_and_on(half_an_hour):
    estate, events = half_an_hour
    names = Counter(map(name_of, events))
    assert names["DrsVmMigratedEvent"] + names["VmMigratedEvent"] > 10
    tasks = Counter(event.info.descriptionId for event in events if name_of(event) == "TaskEvent")
    assert tasks["VirtualMachine.createSnapshot"] >= 4
    assert tasks["VirtualMachine.removeSnapshot"] >= tasks["VirtualMachine.createSnapshot"] - 1
    # the last one may still be waiting for its start
    waiting = estate.now() - timedelta(seconds=300)
    stopped = [e for e in events if name_of(e) == "VmPoweredOffEvent" and e.createdTime < waiting]
    assert stopped
    for stop in stopped:
        assert any(
            name_of(event) == "VmPoweredOnEvent" and event.vm.vm == stop.vm.vm and event.key > stop.key
            for event in events
        )


def test_the_last_event_of_each_vm_agrees_with_its_state(half_an_hour):
    estate, events = half_an_hour
    last = {}
    for event in events:
        if name_of(event) in {"VmPoweredOnEvent", "VmPoweredOffEvent"}:
            last[id_of(event.vm.vm)] = event
    for vm, event in last.items():
        assert (name_of(event) == "VmPoweredOnEvent") == (estate.get(vm, "runtime.powerState") == "poweredOn")
        if name_of(event) == "VmPoweredOnEvent":
            assert estate.get(vm, "runtime.bootTime") == event.createdTime


def test_lists_of_vms_still_agree_after_all_that(half_an_hour):
    estate, _ = half_an_hour
    for host in estate.ids(vim.HostSystem):
        assert {id_of(vm) for vm in estate.get(host, "vm")} == {
            vm for vm in estate.ids(vim.VirtualMachine) if id_of(estate.get(vm, "runtime.host")) == host
        }
    for vm in estate.ids(vim.VirtualMachine):
        committed = estate.get(vm, "summary.storage.committed")
        assert committed == sum(file.size for file in estate.get(vm, "layoutEx.file"))


def test_never_more_than_one_host_is_down():
    time = SimulatedTime()
    estate = Estate(7, time.now)
    municipality(estate, vms=40)
    scenario = Scenario(estate, 3, speed=8)
    most = 0
    for _ in range(900):
        scenario.step(time.advance(1))
        most = max(most, sum(not serving(estate, host) for host in estate.ids(vim.HostSystem)))
    assert most == 1


def test_the_same_seed_lives_the_same_life_and_another_seed_another():
    lives = [[(name_of(e), e.createdTime, e.fullFormattedMessage) for e in lived(420, seed=s)[1]] for s in (3, 3, 4)]
    assert lives[0] == lives[1]
    assert lives[0] != lives[2]


def test_the_load_moves_every_20_seconds_and_the_uptime_with_it():
    time = SimulatedTime()
    estate = Estate(7, time.now)
    municipality(estate, vms=40)
    scenario = Scenario(estate, 3)
    vm = next(vm for vm in estate.ids(vim.VirtualMachine) if estate.get(vm, "guestHeartbeatStatus") == "green")
    seen = []
    for _ in range(60):
        scenario.step(time.advance(1))
        seen.append(estate.get(vm, "summary.quickStats"))
    assert len({id(one) for one in seen}) == 3
    assert seen[-1].uptimeSeconds - seen[0].uptimeSeconds == 40
    host = id_of(estate.get(vm, "runtime.host"))
    boot = estate.get(host, "runtime.bootTime")
    assert estate.get(host, "summary.quickStats.uptime") == int((time.now() - boot).total_seconds()) - 19


def test_a_datastore_fills_until_it_is_cleaned_up():
    time = SimulatedTime()
    estate = Estate(7, time.now)
    municipality(estate, vms=40)
    scenario = Scenario(estate, 3, speed=20)
    summary = "summary.freeSpace"
    datastore = estate.ids(vim.Datastore)[0]
    free = []
    for _ in range(900):
        scenario.step(time.advance(1))
        free.append(estate.get(datastore, summary))
    capacity = estate.get(datastore, "summary.capacity")
    assert min(free) < 0.08 * capacity
    assert max(later - earlier for earlier, later in pairwise(free)) > 0.1 * capacity


def test_run_makes_a_step_a_second_until_it_is_stopped():
    time = SimulatedTime(seconds_to_run=100)
    estate = Estate(7, time.now)
    municipality(estate, vms=40)
    stop = threading.Event()
    version = estate.version
    Scenario(estate, 3).run(stop, time)
    assert stop.is_set()
    assert estate.version > version
    assert any(name_of(event) in {"DrsVmMigratedEvent", "VmMigratedEvent"} for event in estate.events)


def test_a_speed_of_nothing_is_refused():
    time = SimulatedTime()
    with pytest.raises(ValueError, match="speed"):
        Scenario(Estate(7, time.now), 3, speed=0)


def test_nights_and_weekends_are_quieter_than_a_working_day():
    noon = SimulatedTime().now().replace(hour=12)
    assert daytime(noon) > 0.95
    assert daytime(noon.replace(hour=2)) == pytest.approx(0.3)
    assert daytime(noon.replace(day=28)) == pytest.approx(0.5)


def test_yesterdays_backup_is_renewed_and_an_abandoned_one_is_not():
    time = SimulatedTime()
    estate = Estate(7, time.now)
    municipality(estate, vms=80)

    def texts():
        return {
            vm: value.value
            for vm in estate.ids(vim.VirtualMachine)
            for value in estate.get(vm, "customValue")
            if value.key == 102
        }

    before = texts()
    time.advance(25 * 3600)
    record_backups(estate, time.now())
    kept = [vm for vm, text in texts().items() if text == before[vm]]
    assert len(kept) == 1
    assert before[kept[0]] == "2026-11-15T04:00:00Z"
