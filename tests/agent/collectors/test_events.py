"""The event collector and the observer at work on a simulated vCenter, over the wire."""

from datetime import timedelta

import pytest
from pyVmomi import vim

from agent.ledger.chain import verify
from agent.ledger.database import Database
from agent.ledger.instants import instant
from agent.simulator.estate import standalone_esxi
from agent.simulator.events import type_id
from agent.simulator.objects import Estate
from agent.simulator.scenario_hosts import host_disconnect
from agent.simulator.scenario_power import power_off, power_on
from agent.simulator.vcenter import SimulatedVCenter
from agent.vcenter.event_kinds import EVENT_KINDS
from tests.agent.collectors.ledgering import MovableClock, estate_of, ledgering, query

DAY = 86_400


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def vcenter(clock):
    with SimulatedVCenter(estate_of(clock)) as running:
        yield running


def a_running_vm(estate, number=0):
    return [moid for moid in estate.ids(vim.VirtualMachine) if estate.get(moid, "runtime.powerState") == "poweredOn"][
        number
    ]


def relevant(estate):
    return {event.key for event in estate.events if type_id(event) in EVENT_KINDS}


def keys(running):
    return {key for (key,) in running.query("SELECT key FROM events")}


def test_the_first_start_reads_every_event_that_is_kept(vcenter, clock, tmp_path):
    with ledgering(vcenter, tmp_path, clock) as running:
        target = running.until_caught_up()
        assert keys(running) == relevant(vcenter.estate)
        assert sum(target.ledger.events.values()) == len(keys(running))
        assert target.ledger.retention_days == 30
        assert target.ledger.ok
        assert len(running.query("SELECT 1 FROM vcenters")) == 1


def test_an_event_is_in_the_ledger_soon_after_it_was_posted(vcenter, clock, tmp_path):
    with ledgering(vcenter, tmp_path, clock) as running:
        running.until_caught_up()
        vm = a_running_vm(vcenter.estate)
        power_off(vcenter.estate, vm, user="VENDOR\\anna")
        ((user, fields),) = running.until_row(
            "SELECT user, private FROM events WHERE vm = ? AND kind = 'VmPoweredOffEvent' AND user LIKE '%anna'", vm
        )
        assert user == "VENDOR\\anna"
        assert '"template":"false"' in fields


def test_what_happened_while_the_agent_was_off_is_read_when_it_is_back(vcenter, clock, tmp_path):
    with ledgering(vcenter, tmp_path, clock) as running:
        running.until_caught_up()
    vm = a_running_vm(vcenter.estate)
    for _ in range(6):
        clock.moved += DAY / 4
        power_off(vcenter.estate, vm)
        clock.moved += DAY / 4
        power_on(vcenter.estate, vm)
    with ledgering(vcenter, tmp_path, clock) as running:
        running.until_caught_up()
        assert keys(running) == relevant(vcenter.estate)
        read = running.query(
            "SELECT start, end FROM spans WHERE kind = 'covered' "
            "UNION SELECT start, end FROM growing_spans WHERE kind = 'covered' ORDER BY start"
        )
        reach = read[0][1]
        for start, end in read:
            assert start <= reach
            reach = max(reach, end)
        watched = running.query("SELECT start, end FROM spans WHERE kind = 'watched'")
        assert all(instant(end) - instant(start) < timedelta(minutes=5) for start, end in watched)


def test_a_lost_session_and_a_restarted_vcenter_cost_no_event(vcenter, clock, tmp_path):
    with ledgering(vcenter, tmp_path, clock) as running:
        running.until_caught_up()
        vm = a_running_vm(vcenter.estate)
        vcenter.faults.kill_sessions()
        power_off(vcenter.estate, vm)
        running.until_row("SELECT 1 FROM events WHERE vm = ? AND kind = 'VmPoweredOffEvent'", vm)
        vcenter.faults.restart(down_seconds=2)
        power_on(vcenter.estate, vm)
        running.until(lambda target: not target.up, "it is away")
        running.until(lambda target: target.up, "it is back")
        running.until_caught_up()
        assert keys(running) == relevant(vcenter.estate)
        ((start, end),) = running.until_row(
            "SELECT start, end FROM growing_spans WHERE kind = 'away' UNION SELECT start, end FROM spans WHERE kind = 'away'"
        )
        assert timedelta(seconds=1) < instant(end) - instant(start) < timedelta(seconds=25)


def test_an_account_that_sees_little_reads_what_it_sees_behind_empty_pages(vcenter, clock, tmp_path):
    estate = vcenter.estate
    vm = a_running_vm(estate)
    folder = estate.get(vm, "parent")._moId
    vcenter.faults.limit_visibility("checkmeter", folder)
    vcenter.faults.raw_event_pages = True
    other = next(moid for moid in estate.ids(vim.VirtualMachine) if folder not in estate.ancestors(moid))
    for _ in range(1100):
        power_on(estate, other, guest=False)
    with ledgering(vcenter, tmp_path, clock) as running:
        running.until_caught_up()
        for _ in range(600):
            power_on(estate, other, guest=False)
        power_off(estate, vm, user="last")
        running.until_row("SELECT 1 FROM events WHERE vm = ? AND user = 'last'", vm)


def test_an_event_that_cannot_be_read_is_noted_once_and_the_rest_goes_on(vcenter, clock, tmp_path):
    with ledgering(vcenter, tmp_path, clock) as running:
        running.until_caught_up()
        vm = a_running_vm(vcenter.estate)
        vcenter.faults.control_character_in_event(len(vcenter.estate.events) + 1)
        power_off(vcenter.estate, vm, user="someone")
        running.until_row("SELECT 1 FROM events WHERE vm = ? AND kind = 'VmPoweredOffEvent' AND user = 'someone'", vm)
        target = running.until_caught_up()
        assert running.query("SELECT count(*) FROM undecodable_events") == [(1,)]
        assert target.ledger.undecodable_events == 1
        assert target.collectors["events"].bugs == 0


def test_changes_are_written_with_the_time_in_which_they_were_watched(vcenter, clock, tmp_path):
    with ledgering(vcenter, tmp_path, clock) as running:
        running.until_caught_up()
        vm = a_running_vm(vcenter.estate)
        power_off(vcenter.estate, vm)
        running.until_row(
            "SELECT 1 FROM observations WHERE moid = ? AND path = 'runtime.powerState' AND value = 'poweredOff'", vm
        )
        host = vcenter.estate.ids(vim.HostSystem)[0]
        host_disconnect(vcenter.estate, host)
        running.until_row(
            "SELECT 1 FROM observations WHERE moid = ? AND value = 'disconnected' AND kind = 'host'", host
        )
        ids = {
            value for (value,) in running.query("SELECT value FROM observations WHERE path = '@vm_id' AND kind = 'vm'")
        }
        assert vcenter.estate.get(vm, "config.instanceUuid") in ids
        stores = running.query("SELECT DISTINCT value FROM observations WHERE path = 'summary.accessible'")
        assert stores == [("true",)]
    ((start, end),) = query(tmp_path / "checkmeter.db", "SELECT start, end FROM growing_spans WHERE kind = 'watched'")
    assert timedelta() < instant(end) - instant(start) < timedelta(minutes=2)


def test_a_second_start_writes_only_what_differs_and_an_object_that_went_as_gone(vcenter, clock, tmp_path):
    with ledgering(vcenter, tmp_path, clock) as running:
        running.until_caught_up()
        before = running.query("SELECT count(*) FROM observations")
        gone, changed = a_running_vm(vcenter.estate, 0), a_running_vm(vcenter.estate, 1)
    vcenter.estate.remove(gone)
    power_off(vcenter.estate, changed)
    with ledgering(vcenter, tmp_path, clock) as running:
        running.until_row("SELECT 1 FROM observations WHERE moid = ? AND path = '@present' AND value = 'gone'", gone)
        after = running.query("SELECT count(*) FROM observations")
        assert 0 < after[0][0] - before[0][0] < 40
        assert running.query(
            "SELECT value FROM observations WHERE moid = ? AND path = 'runtime.powerState' ORDER BY seq", changed
        ) == [("poweredOn",), ("poweredOff",)]


def test_a_step_of_vcenters_clock_is_recorded(vcenter, clock, tmp_path):
    with ledgering(vcenter, tmp_path, clock) as running:
        running.until_caught_up()
        vcenter.faults.skew_clock(300)
        ((start, end),) = running.until_row("SELECT start, end FROM spans WHERE kind = 'clock_jump'")
        assert 295 < (instant(end) - instant(start)).total_seconds() < 305


def test_a_ledger_that_cannot_be_opened_stops_no_metric_and_is_filled_once_it_can(vcenter, clock, tmp_path):
    blocked = tmp_path / "checkmeter.db"
    blocked.mkdir()
    with ledgering(vcenter, tmp_path, clock) as running:
        target = running.until(
            lambda target: set(target.ledger.problems) == {"events", "observations"}, "both threads say so"
        )
        assert target.up
        assert not target.ledger.ok
        assert "let the agent's user write there" in target.ledger.problems["events"].cure
        blocked.rmdir()
        running.until(lambda target: target.ledger.ok and target.ledger.covered_until, "it is written again")
        running.until_caught_up()
        assert keys(running) == relevant(vcenter.estate)


def test_all_that_was_written_is_chained(vcenter, clock, tmp_path):
    with ledgering(vcenter, tmp_path, clock) as running:
        running.until_caught_up()
        power_off(vcenter.estate, a_running_vm(vcenter.estate))
        running.until_caught_up()
    database = Database(tmp_path / "checkmeter.db")
    with database.reading() as connection:
        checked = verify(connection)
    database.close()
    assert checked.found is None
    assert checked.seq > 200


def test_a_standalone_host_has_a_ledger_under_its_configured_name(clock, tmp_path):
    estate = Estate(7, clock.now)
    standalone_esxi(estate)
    with SimulatedVCenter(estate, kind="esxi") as host, ledgering(host, tmp_path, clock) as running:
        running.until_caught_up()
        assert running.query("SELECT uuid, name FROM vcenters") == [("dc1", "dc1")]
        vm = a_running_vm(estate)
        power_off(estate, vm)
        running.until_row("SELECT 1 FROM events WHERE vm = ? AND kind = 'VmPoweredOffEvent'", vm)
        assert running.target.collectors["events"].bugs == 0
