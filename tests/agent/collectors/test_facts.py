"""The keeper looks once a minute, at what is fresh only, and writes each hour when it is over."""

import threading
from dataclasses import replace
from datetime import timedelta

from agent.collectors.facts import FactKeeper
from agent.collectors.hour_account import HourAccount
from agent.collectors.slot import WorldSlot
from agent.ledger.database import Database
from agent.ledger.fact_book import fact_histories
from agent.ledger.hour_facts import hours
from agent.ledger.recorded import vcenters
from agent.ledger.vm_register import VmRegister
from agent.model.performance import EntityPerformance, Performance
from agent.model.tag_pair import TagPair
from agent.model.world import CollectorStatus, World
from tests.simulator.simulated_time import SimulatedTime
from tests.worlds import INVENTORY, TARGET


class Fresh(WorldSlot):
    """A world in which everything was read just now."""

    def __init__(self, clock, **changes):
        super().__init__(World(version="1", started_at=clock.now(), targets={"vc1": replace(TARGET, **changes)}))
        self._clock = clock
        self.fresh = ("inventory", "quick", "slow", "tags")

    def read(self):
        revision, world = super().read()
        read = CollectorStatus(interval_s=60, last_success=self._clock.now())
        target = replace(world.targets["vc1"], collectors=dict.fromkeys(self.fresh, read))
        return revision, replace(world, targets={"vc1": target})


def kept(file, begin):
    database = Database(file)
    with database.reading() as connection:
        (known,) = vcenters(connection)
        end = begin + timedelta(days=2)
        facts = dict(fact_histories(connection, known.seq, "vms", begin, end))
        found = hours(connection, known.seq, VmRegister((), ()), begin - timedelta(hours=1), end)
    database.close()
    return facts, found


def test_vms_and_hours_are_kept_while_the_agent_runs(tmp_path):
    clock = SimulatedTime(2 * 3600)
    begin = clock.now()
    FactKeeper(tmp_path / "db", Fresh(clock), clock).run(threading.Event())
    facts, found = kept(tmp_path / "db", begin)
    assert len(facts) == len(INVENTORY.vms)
    assert [one.rounds for one in found] == [60, 60, 1]
    assert found[0].datastores["datastore-21"].capacity_bytes == INVENTORY.datastores["datastore-21"].capacity_bytes


def test_a_vcenter_that_is_away_or_was_not_read_whole_leaves_no_facts(tmp_path):
    clock = SimulatedTime(600)
    FactKeeper(tmp_path / "db", Fresh(clock, up=False), clock).run(threading.Event())
    slot = WorldSlot(World(version="1", started_at=clock.now(), targets={"vc1": TARGET}))
    FactKeeper(tmp_path / "db", slot, clock).run(threading.Event())
    assert not (tmp_path / "db").exists()


def test_vms_are_kept_with_their_tags_and_not_before_those_were_read(tmp_path):
    clock = SimulatedTime(600)
    begin = clock.now()
    slot = Fresh(clock)
    slot.fresh = ("inventory", "quick", "slow")
    FactKeeper(tmp_path / "db", slot, clock).run(threading.Event())
    assert not (tmp_path / "db").exists()
    keeper = FactKeeper(tmp_path / "db", Fresh(clock), SimulatedTime(600))
    keeper.run(threading.Event())
    facts, _ = kept(tmp_path / "db", begin)
    tags = {history[-1].record.moid: history[-1].record.tag_pairs for history in facts.values()}
    assert tags == {"vm-101": (), "vm-102": (TagPair(category="Tier", tag='"guld"'),), "vm-103": ()}


def test_that_tags_cannot_be_read_for_a_while_is_no_change_of_a_vm(tmp_path):
    class Losing(Fresh):
        """Tags are known at the first look only."""

        looks = 0

        def read(self):
            revision, world = super().read()
            self.looks += 1
            if self.looks > 4:
                lost = replace(world.targets["vc1"], labelling=replace(TARGET.labelling, tags=None))
                world = replace(world, targets={"vc1": lost})
            return revision, world

    clock = SimulatedTime(1200)
    begin = clock.now()
    slot = Losing(clock)
    FactKeeper(tmp_path / "db", slot, clock).run(threading.Event())
    assert slot.looks > 5
    facts, _ = kept(tmp_path / "db", begin)
    assert {len(history) for history in facts.values()} == {1}


def test_facts_that_cannot_be_written_are_said_and_written_later(tmp_path):
    folder = tmp_path / "state"

    class MadeLater(SimulatedTime):
        def wait(self, seconds, stop):
            if self.monotonic() > 300 and not folder.exists():
                assert "unable to open" in slot.read()[1].targets["vc1"].ledger.problems["facts"].problem
                folder.mkdir()
            return super().wait(seconds, stop)

    clock = MadeLater(1200)
    slot = Fresh(clock)
    FactKeeper(folder / "db", slot, clock).run(threading.Event())
    assert not slot.read()[1].targets["vc1"].ledger.problems
    assert kept(folder / "db", clock.now() - timedelta(seconds=3000))[0]


def counted(ready_ms, newest_s, vm_id):
    entity = EntityPerformance(totals={("cpu.ready.summation", ""): ready_ms})
    return Performance(entities={"vm": {vm_id: entity}}, newest_sample_s={"vm": newest_s})


def test_cpu_ready_is_spread_over_whole_per_cents_per_vcpu():
    vm = INVENTORY.vms["vm-101"]
    inventory = replace(INVENTORY, vms={"vm-101": replace(vm, cpus=4, power_state="poweredOn")})
    account, at = HourAccount(), SimulatedTime().now()
    for minute, ready_ms in enumerate((0, 12_000, 12_000, 14_400)):
        account.look(inventory, counted(ready_ms, 60 * minute, vm.instance_uuid), at)
    assert account.taken().cpu_ready == {vm.instance_uuid: {5: 60, 0: 60, 1: 60}}


def test_a_counter_that_began_anew_and_a_sample_seen_twice_are_not_counted():
    vm = INVENTORY.vms["vm-101"]
    account, at = HourAccount(), SimulatedTime().now()
    for newest, ready_ms in ((60, 5000), (60, 5000), (120, 10)):
        account.look(INVENTORY, counted(ready_ms, newest, vm.instance_uuid), at)
    assert account.taken().cpu_ready == {}
