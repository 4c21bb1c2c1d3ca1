"""Every sample of the vCenter's exactly once, over the wire, against the simulator's own truth."""

import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest

from agent.collectors.performance import PerformanceSettings
from agent.ledger.database import Database, LedgerUnavailable
from agent.ledger.witnesses import HEARTBEAT, UPTIME
from agent.simulator.scenario_changes import vm_create, vm_remove
from agent.simulator.scenario_hosts import vmotion
from agent.simulator.scenario_power import power_off, power_on
from tests.agent.cli.invocation import ROOT, environment
from tests.agent.collectors.counting import READY, SENT, USES, Agent, truth_of, vendor

LOOKBACK_S = 300


@pytest.fixture
def dc(tmp_path):
    with vendor(tmp_path) as found:
        yield found


@pytest.fixture
def lives(dc, tmp_path):
    """Starts agents on one database, and ends them."""
    started = []

    def start(**options):
        agent = Agent(dc.ca_file, dc.vcenter.port, tmp_path / "checkmeter.db", **options).start()
        started.append(agent)
        return agent

    yield start
    for agent in started:
        agent.stop()


def rounds(dc, agent, count, seconds=60):
    for _ in range(count):
        dc.time.advance(seconds)
        agent.round()


def test_totals_equal_the_sum_of_the_truth_to_the_unit(dc, lives):
    agent = lives()
    begun = dc.began - LOOKBACK_S - 20
    agent.round()
    rounds(dc, agent, 12, seconds=53)
    truth = dc.sum(begun, dc.now())
    assert agent.counted(dc.vm_id) == truth
    assert agent.counted(dc.vm_id, SENT) == truth * 20
    assert agent.of(dc.vm_id).lost_s == 0


def test_rounds_more_often_than_samples_count_them_as_they_come(dc, lives):
    agent = lives(settings=PerformanceSettings(counters=USES, interval_s=10))
    agent.round()
    rounds(dc, agent, 9, seconds=10)
    assert agent.counted(dc.vm_id) == dc.sum(dc.began - LOOKBACK_S - 20, dc.now())


def test_an_outage_of_the_agent_shorter_than_an_hour_loses_nothing(dc, lives):
    agent = lives()
    agent.round()
    agent.stop()
    dc.time.advance(28 * 60)
    later = lives()
    later.round()
    assert later.counted(dc.vm_id) == dc.sum(dc.began - LOOKBACK_S - 20, dc.now())


def test_an_outage_longer_than_an_hour_loses_what_vcenter_no_longer_has_and_says_how_much(dc, lives):
    agent = lives()
    agent.round()
    agent.stop()
    before = dc.now()
    dc.time.advance(3 * 3600)
    later = lives()
    later.round()
    kept_from = dc.now() - 3600
    assert later.counted(dc.vm_id) == dc.sum(dc.began - LOOKBACK_S - 20, before) + dc.sum(kept_from, dc.now())
    assert later.of(dc.vm_id).lost_s == kept_from - before


def test_late_samples_are_counted_when_they_come(dc, lives):
    agent = lives()
    agent.round()
    dc.vcenter.faults.delay_samples(100)
    rounds(dc, agent, 4)
    dc.vcenter.faults.delay_samples(80, as_gap=True)
    rounds(dc, agent, 4)
    dc.vcenter.faults.delay_samples(0)
    rounds(dc, agent, 1)
    assert agent.counted(dc.vm_id) == dc.sum(dc.began - LOOKBACK_S - 20, dc.now())


def test_a_sample_that_never_comes_is_not_made_up(dc, lives):
    agent = lives()
    agent.round()
    start = dc.time.now()
    dc.vcenter.faults.lose_samples(start, start + timedelta(seconds=100), dc.moid)
    rounds(dc, agent, 8)
    hole = dc.sum(int(start.timestamp()), int(start.timestamp()) + 100)
    assert agent.counted(dc.vm_id) == dc.sum(dc.began - LOOKBACK_S - 20, dc.now()) - hole


def test_a_move_to_another_host_changes_nothing(dc, lives):
    agent = lives()
    agent.round()
    here = dc.estate.get(dc.moid, "runtime.host")._moId
    cluster = dc.estate.get(here, "parent")._moId
    there = next(host._moId for host in dc.estate.get(cluster, "host") if host._moId != here)
    rounds(dc, agent, 2)
    vmotion(dc.estate, dc.moid, there)
    agent.look()
    rounds(dc, agent, 2)
    assert agent.counted(dc.vm_id) == dc.sum(dc.began - LOOKBACK_S - 20, dc.now())


def test_a_restart_of_vcenter_changes_nothing(dc, lives):
    agent = lives()
    agent.round()
    dc.vcenter.faults.restart()
    dc.time.advance(600)
    later = lives()
    later.round()
    assert later.counted(dc.vm_id) == dc.sum(dc.began - LOOKBACK_S - 20, dc.now())


def test_a_vm_that_is_off_has_no_samples_and_loses_none(dc, lives):
    agent = lives()
    agent.round()
    off_at = dc.now()
    power_off(dc.estate, dc.moid)
    agent.look()
    rounds(dc, agent, 3, seconds=3600)
    power_on(dc.estate, dc.moid)
    agent.look()
    on_at = dc.now()
    rounds(dc, agent, 3)
    assert agent.of(dc.vm_id).lost_s == 0
    counted = agent.counted(dc.vm_id)
    assert counted == dc.sum(dc.began - LOOKBACK_S - 20, off_at) + dc.sum(on_at, dc.now())


def test_the_clocks_of_agent_and_vcenter_may_differ_by_any_amount(dc, lives):
    agent = lives()
    agent.round()
    for skew in (7200, -7200):
        dc.vcenter.faults.skew_clock(skew)
        rounds(dc, agent, 3)
    dc.vcenter.faults.skew_clock(0)
    rounds(dc, agent, 3)
    # a clock that jumped makes samples unsure: some are not counted, none twice
    assert 0 < agent.counted(dc.vm_id) <= dc.sum(dc.began - LOOKBACK_S - 20, dc.now() + 7200)


def test_a_vm_registered_again_goes_on_where_it_was(dc, lives):
    agent = lives()
    agent.round()
    vm_id, old = dc.vm_id, dc.moid
    again = vm_create(dc.estate, "genregistreret", like=old)
    boot = dc.estate.get(old, "runtime.bootTime")
    vm_remove(dc.estate, old)
    dc.estate.set(again, "config.instanceUuid", vm_id)
    power_on(dc.estate, again)
    dc.estate.set(again, "runtime.bootTime", boot)
    for counter in (READY, SENT):
        dc.estate.performance[again, counter] = lambda _, at: truth_of(old, at)
    agent.look()
    registered_at = dc.now()
    rounds(dc, agent, 3)
    first = dc.sum(dc.began - LOOKBACK_S - 20, registered_at)
    assert agent.counted(vm_id) == first + sum(
        truth_of(old, at) for at in range(registered_at // 20 * 20 + 20, dc.now() + 1, 20)
    )


def test_an_agent_killed_at_any_moment_counts_every_sample_once(dc, lives, tmp_path):
    chance = random.Random(20261124)
    database = tmp_path / "checkmeter.db"
    command = [sys.executable, "-m", "tests.agent.collectors.counting_child", str(dc.vcenter.port), str(dc.ca_file)]
    for _ in range(6):
        with subprocess.Popen(
            [*command, str(database)], cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout.readline() == "round\n"
            for _ in range(chance.randrange(2, 9)):
                dc.time.advance(chance.randrange(10, 200))
                time.sleep(chance.random() / 20)
            child.send_signal(signal.SIGKILL)
            child.wait(20)
        dc.time.advance(chance.randrange(0, 1500))
    agent = lives()
    agent.round()
    assert agent.counted(dc.vm_id) == dc.sum(dc.began - LOOKBACK_S - 20, dc.now())
    assert agent.of(dc.vm_id).lost_s == 0


def test_an_agent_on_yesterdays_backup_begins_its_counters_at_zero(dc, lives, tmp_path):
    agent = lives()
    agent.round()
    agent.collector._database.backup(tmp_path / "backup.db")
    rounds(dc, agent, 3)
    agent.stop()
    for name in ("checkmeter.db", "checkmeter.db-wal", "checkmeter.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    shutil.copy(tmp_path / "backup.db", tmp_path / "checkmeter.db")
    dc.time.advance(24 * 3600)
    later = lives()
    later.round()
    # a counter that falls to zero is a new beginning; one that falls to an old value would be counted as all gained
    assert later.counted(dc.vm_id) == dc.sum(dc.now() - LOOKBACK_S - 20, dc.now())
    assert not later.collector._database.restored_from_backup()


def test_what_cannot_be_written_is_not_shown_and_comes_with_the_next_round(dc, lives):
    agent = lives()
    agent.round()
    before = agent.counted(dc.vm_id)
    with Database(agent.database).transaction():  # another writer holds the file
        agent.collector._database._connection.execute("PRAGMA busy_timeout = 100")
        dc.time.advance(60)
        with pytest.raises(LedgerUnavailable, match="locked"):
            agent.round()
        assert agent.counted(dc.vm_id) == before
    rounds(dc, agent, 1)
    assert agent.counted(dc.vm_id) == dc.sum(dc.began - LOOKBACK_S - 20, dc.now())


def test_a_peak_is_the_highest_sample_of_the_last_minute(dc, lives):
    agent = lives()
    agent.round()
    rounds(dc, agent, 2)
    newest = dc.now() // 20 * 20
    assert agent.of(dc.vm_id).peaks[READY, ""] == max(
        dc.estate.performance[dc.moid, READY]("", at) for at in (newest, newest - 20, newest - 40)
    )


def test_instances_are_counted_by_device_where_they_are_asked_for(dc, lives):
    agent = lives(settings=PerformanceSettings(counters=USES, instances={"vm": frozenset({"net"})}))
    agent.round()
    totals = agent.of(dc.vm_id).totals
    devices = [instance for name, instance in totals if name == SENT and instance]
    assert devices
    assert totals[SENT, ""] == dc.sum(dc.began - LOOKBACK_S - 20, dc.now()) * 20


def test_the_counters_bear_witness_in_the_ledger_to_when_a_vm_ran(dc, lives):
    agent = lives()
    agent.round()
    rounds(dc, agent, 3)
    boot = dc.estate.get(dc.moid, "runtime.bootTime")
    with Database(agent.database).reading() as connection:
        rows = connection.execute("SELECT counter, at, value FROM samples WHERE moid = ?", (dc.moid,)).fetchall()
    uptimes = [(at, value) for counter, at, value in rows if counter == UPTIME]
    assert uptimes
    assert all(abs(at / 1e6 - value - boot.timestamp()) < 20 for at, value in uptimes)
    assert any(counter == HEARTBEAT and value > 0 for counter, _, value in rows)
    # the same boot is not written again and again
    assert len(uptimes) < 4
