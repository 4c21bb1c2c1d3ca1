"""The past of the simulated municipality: its events agree with its state."""

from datetime import UTC, datetime, timedelta

import pytest
from pyVmomi import vim

from agent.simulator.estate import municipality
from agent.simulator.objects import Estate
from agent.simulator.schema import id_of

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
VM = vim.VirtualMachine
UP = (vim.event.VmPoweredOnEvent,)
DOWN = (vim.event.VmPoweredOffEvent, vim.event.VmSuspendedEvent)


@pytest.fixture(scope="module", params=[7, 11])
def estate(request):
    estate = Estate(request.param, lambda: NOW)
    municipality(estate)
    return estate


def about(estate, vm, types):
    return [event for event in estate.events if isinstance(event, types) and event.vm and id_of(event.vm.vm) == vm]


def with_id(estate, type_id):
    return [event for event in estate.events if getattr(event, "eventTypeId", None) == type_id]


def test_there_are_some_two_hundred_events_of_the_last_20_days_in_the_order_of_time(estate):
    times = [event.createdTime for event in estate.events]
    assert len(times) >= 200
    assert times == sorted(times)
    assert NOW - timedelta(days=21) < times[0]
    assert times[-1] <= NOW
    assert [event.key for event in estate.events] == list(range(1, len(times) + 1))


def test_a_vm_that_booted_in_the_period_was_powered_on_at_that_second(estate):
    recent = 0
    for vm in estate.ids(VM):
        boot = estate.get(vm, "runtime.bootTime")
        starts = [event.createdTime for event in about(estate, vm, UP)]
        if boot is None or boot < NOW - timedelta(days=20):
            assert starts == [], vm
        else:
            recent += 1
            assert starts == [boot], vm
    assert recent >= 10


def test_the_last_power_event_of_a_vm_says_what_it_is_now(estate):
    for vm in estate.ids(VM):
        events = about(estate, vm, UP + DOWN)
        if events:
            on = isinstance(events[-1], UP)
            assert on == (estate.get(vm, "runtime.powerState") == "poweredOn"), vm


def test_the_suspended_vm_was_suspended_at_its_suspend_time(estate):
    (vm,) = [one for one in estate.ids(VM) if estate.get(one, "runtime.powerState") == "suspended"]
    (event,) = about(estate, vm, vim.event.VmSuspendedEvent)
    assert event.createdTime == estate.get(vm, "runtime.suspendTime")


def test_a_host_failed_and_ha_restarted_its_vms_on_another_before_it_was_back(estate):
    (failure,) = with_id(estate, "com.vmware.vc.HA.DasHostFailedEvent")
    restarts = with_id(estate, "com.vmware.vc.ha.VmRestartedByHAEvent")
    assert len(restarts) >= 2
    for restart in restarts:
        assert failure.createdTime < restart.createdTime < estate.get(id_of(failure.host.host), "runtime.bootTime")
        assert restart.host.host != failure.host.host
        assert estate.get(id_of(restart.vm.vm), "runtime.host") == restart.host.host


def test_migrations_end_on_the_host_where_the_vm_is(estate):
    moves = [event for event in estate.events if isinstance(event, vim.event.VmMigratedEvent)]
    assert moves
    for move in moves:
        assert move.host.host == estate.get(id_of(move.vm.vm), "runtime.host")
        assert move.sourceHost.host != move.host.host


def test_vm_events_carry_their_whole_context(estate):
    for event in estate.events:
        if isinstance(event, vim.event.VmEvent):
            assert event.vm.name == estate.get(id_of(event.vm.vm), "name")
            assert event.host.host == estate.get(id_of(event.vm.vm), "runtime.host")
            assert event.computeResource.computeResource == estate.get(id_of(event.host.host), "parent")
            assert event.datacenter.name == "Rådhuset DC1"
            assert "{" not in event.fullFormattedMessage


def test_backups_are_tasks_of_the_backup_account_each_removed_again(estate):
    tasks = [event for event in estate.events if isinstance(event, vim.event.TaskEvent)]
    kinds = [event.info.descriptionId for event in tasks]
    assert kinds.count("VirtualMachine.createSnapshot") == kinds.count("VirtualMachine.removeSnapshot") > 20
    assert {event.info.reason.userName for event in tasks} == {"KOMMUNE\\svc_veeam"}


def test_each_triggered_alarm_was_announced_when_it_turned(estate):
    changes = {
        (id_of(event.alarm.alarm), id_of(event.entity.entity)): event
        for event in estate.events
        if isinstance(event, vim.event.AlarmStatusChangedEvent)
    }
    states = estate.get("group-d1", "triggeredAlarmState")
    assert len(states) == len(changes) > 2
    for state in states:
        event = changes[id_of(state.alarm), id_of(state.entity)]
        assert (event.createdTime, event.to) == (state.time, state.overallStatus)
        assert state.eventKey == event.key


def test_people_log_in_and_somebody_is_refused(estate):
    logins = [event for event in estate.events if isinstance(event, vim.event.UserLoginSessionEvent)]
    assert "KOMMUNE\\drift-vendor" in {event.userName for event in logins}
    refused = [event for event in estate.events if isinstance(event, vim.event.BadUsernameSessionEvent)]
    assert len(refused) == 4
