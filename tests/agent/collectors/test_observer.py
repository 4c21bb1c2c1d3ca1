"""What the observer writes when clocks do what clocks should not, and when vCenter is silent. Without a vCenter."""

import tempfile
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.collectors.object_store import ObjectStore
from agent.collectors.observer import IDENTITY, InventoryObserver, observed_values
from agent.collectors.slot import WorldSlot
from agent.errors import LoginRefused, Unreachable
from agent.ledger.instants import instant
from agent.model.about import About
from agent.model.datastore import Datastore
from agent.model.evidence import GONE, PRESENT
from agent.model.host import HostSystem
from agent.model.inventory import Inventory, Unreadable
from agent.model.property import source_of
from agent.model.virtual_machine import VirtualMachine
from agent.model.world import Target, World
from agent.vcenter.changes import Change
from tests.agent.collectors.ledgering import query

START = datetime(2026, 11, 2, 8, tzinfo=UTC)
BOOT_TIME_REFUSED = Unreadable(
    vsphere_type="VirtualMachine", moid="vm-1", path="runtime.bootTime", fault="NoPermission", privilege="System.Read"
)


class TwoClocks:
    """A machine whose wall clock and steady clock can be moved apart, and a vCenter with a clock of its own."""

    def __init__(self) -> None:
        self.wall, self.steady, self.theirs = START, 0.0, START + timedelta(seconds=2)

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.steady

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        self.passes(seconds)
        return stop.is_set()

    def passes(self, seconds: float, *, asleep: bool = False) -> None:
        self.wall += timedelta(seconds=seconds)
        self.theirs += timedelta(seconds=seconds)
        if not asleep:
            self.steady += seconds

    @property
    def offset_s(self) -> float:
        return (self.theirs - self.wall).total_seconds()


class Watched:
    """One VM, observed."""

    def __init__(self, folder, clock) -> None:
        self.clock, self.file = clock, folder / "checkmeter.db"
        target = Target(name="dc1", address="dc1")
        self.slot = WorldSlot(World(version="test", started_at=START, targets={"dc1": target}))
        self.observer = InventoryObserver("dc1", self.file, self.slot, clock)
        self.vm = VirtualMachine(moid="vm-1", name="srv", instance_uuid="u", power_state="poweredOn", boot_time=START)
        self.unreadable = ()

    def compare(self) -> None:
        self.observer.clock_read(self.clock.offset_s)

    def see(self, **changes) -> None:
        self.vm = replace(self.vm, **changes) if changes else self.vm
        inventory = Inventory(
            about=About(instance_uuid="uuid"),
            root_folder="group-d1",
            confirmed_at=self.clock.now(),
            vms={"vm-1": self.vm},
            unreadable=self.unreadable,
        )
        self.observer.saw(inventory, polled=False)

    def spans(self, kind):
        rows = query(
            self.file,
            "SELECT start, end FROM spans WHERE kind = ?1 UNION SELECT start, end FROM growing_spans WHERE kind = ?1 ORDER BY 1",
            kind,
        )
        return [(_after(start), _after(end)) for start, end in rows]

    def values(self, path):
        rows = query(self.file, "SELECT at, value FROM observations WHERE path = ? ORDER BY seq", path)
        return [(_after(at), value) for at, value in rows]


def _after(stored):
    """Seconds on vCenter's clock since it was compared first."""
    return (instant(stored) - START).total_seconds() - 2


@pytest.fixture
def watched(tmp_path):
    watched = Watched(tmp_path, TwoClocks())
    watched.compare()
    watched.see()
    yield watched
    watched.observer.close()


def steps(watched, count, seconds=10):
    for _ in range(count):
        watched.clock.passes(seconds)
        watched.compare()
        watched.see()


def test_what_is_seen_is_written_on_the_clock_of_vcenter(watched):
    steps(watched, 3)
    watched.clock.passes(5)
    watched.see(power_state="poweredOff", boot_time=None)
    assert watched.values("runtime.powerState") == [(0, "poweredOn"), (35, "poweredOff")]
    assert watched.values("runtime.bootTime")[-1] == (35, None)
    assert watched.spans("watched") == [(0, 35)]
    assert watched.spans("running") == [(0, 35)]


def test_a_machine_that_slept_claims_neither_to_have_watched_nor_that_it_happened_before_it_slept(watched):
    steps(watched, 3)
    watched.clock.passes(3600, asleep=True)
    watched.see(power_state="poweredOff")
    assert watched.values("runtime.powerState") == [(0, "poweredOn")]
    watched.clock.passes(4)
    watched.compare()
    watched.see()
    assert watched.values("runtime.powerState") == [(0, "poweredOn"), (3634, "poweredOff")]
    steps(watched, 2)
    assert watched.spans("watched") == [(0, 30), (3634, 3654)]
    assert watched.spans("clock_jump") == []


def test_a_wall_clock_of_ours_that_is_set_is_no_jump_of_vcenters(watched):
    steps(watched, 3)
    watched.clock.wall -= timedelta(hours=1)
    steps(watched, 3)
    assert watched.spans("clock_jump") == []
    spans = watched.spans("watched")
    assert (spans[0][0], spans[-1][1]) == (0, 60)


@pytest.mark.parametrize("step", [-600, 600])
def test_a_step_of_vcenters_clock_is_written_and_ends_what_was_watched(watched, step):
    steps(watched, 3)
    watched.clock.theirs += timedelta(seconds=step)
    steps(watched, 3)
    assert watched.spans("clock_jump") == [(min(40, 40 + step), max(40, 40 + step))]
    assert sorted(watched.spans("watched")) == sorted([(0, 30), (40 + step, 60 + step)])


def test_a_vcenter_that_does_not_answer_is_away_from_its_last_answer_to_its_next(watched):
    steps(watched, 3)
    watched.observer.ended()
    for _ in range(5):
        watched.clock.passes(20)
        watched.observer.unanswered(Unreachable("no answer"))
    watched.compare()
    watched.see()
    assert watched.spans("away") == [(30, 130)]
    assert watched.spans("watched")[0] == (0, 30)


def test_a_vcenter_that_refuses_the_login_is_not_away(watched):
    steps(watched, 3)
    watched.observer.ended()
    watched.clock.passes(60)
    watched.observer.unanswered(LoginRefused("refused"))
    watched.compare()
    watched.see()
    assert watched.spans("away") == []
    assert watched.spans("watched")[0] == (0, 30)


def test_a_long_silence_within_a_session_is_not_claimed_to_have_been_watched(watched):
    steps(watched, 2)
    watched.clock.passes(500)
    watched.compare()
    watched.see()
    steps(watched, 1)
    assert watched.spans("watched") == [(0, 20), (520, 530)]


def test_a_property_that_is_refused_is_not_written_as_cleared(watched):
    steps(watched, 1)
    watched.unreadable = (BOOT_TIME_REFUSED,)
    watched.clock.passes(10)
    watched.see(boot_time=None)
    assert len(watched.values("runtime.bootTime")) == 1


def test_a_property_that_can_be_read_again_and_is_cleared_is_written(watched):
    steps(watched, 1)
    watched.unreadable = (BOOT_TIME_REFUSED,)
    watched.see(boot_time=None)
    watched.unreadable = ()
    watched.clock.passes(10)
    watched.see(cpu_usage_mhz=7)
    assert watched.values("runtime.bootTime")[-1] == (20, None)


def test_machines_that_went_while_there_was_no_session_are_written_as_gone_also_if_all_of_them_did(watched):
    steps(watched, 1)
    watched.observer.ended()
    watched.clock.passes(60)
    watched.compare()
    watched.observer.saw(
        Inventory(about=About(instance_uuid="uuid"), root_folder="group-d1", confirmed_at=watched.clock.now()),
        polled=True,
    )
    assert watched.values(PRESENT)[-1] == (70, GONE)


def test_a_machine_whose_identity_is_another_because_a_second_one_has_its_uuid_is_written_though_it_did_not_change(
    watched,
):
    watched.clock.passes(10)
    inventory = Inventory(
        about=About(instance_uuid="uuid"),
        root_folder="group-d1",
        confirmed_at=watched.clock.now(),
        vms={"vm-1": watched.vm, "vm-2": replace(watched.vm, moid="vm-2")},
    )
    watched.observer.saw(inventory, polled=False)
    assert watched.values(IDENTITY) == [(0, "u"), (10, "moid:vm-1"), (10, "moid:vm-2")]


MOIDS = {VirtualMachine: ("vm-1", "vm-2"), HostSystem: ("host-1",), Datastore: ("datastore-1",)}
FIELDS = {
    VirtualMachine: ("name", "instance_uuid", "boot_time", "cpu_usage_mhz", "host"),
    HostSystem: ("name", "cpu_usage_mhz"),
    Datastore: ("name", "accessible", "free_bytes"),
}


@st.composite
def seen_changes(draw):
    """A change of one object, as vCenter could tell it."""
    record = draw(st.sampled_from(sorted(MOIDS, key=lambda one: one.__name__)))
    moid = draw(st.sampled_from(MOIDS[record]))
    field = draw(st.sampled_from(FIELDS[record]))
    path = source_of(record, field)
    value = draw(st.sampled_from([None, "a", "b"]))
    change = Change(record, moid, entered=draw(st.booleans()), paths=frozenset({path}), values={field: value})
    if draw(st.integers(0, 9)) == 0:
        change.left = True
    elif draw(st.integers(0, 4)) == 0:
        change.values[field] = None
        change.unreadable[path] = replace(BOOT_TIME_REFUSED, vsphere_type=record.__name__, moid=moid, path=path)
    return change


@settings(max_examples=25)
@given(st.lists(st.tuples(st.lists(seen_changes(), max_size=4), st.booleans(), st.integers(0, 9)), max_size=8))
def test_what_is_known_to_be_written_is_what_a_look_at_every_field_of_every_object_finds(rounds):
    """No shortcut for what has not changed may miss what has."""
    with tempfile.TemporaryDirectory() as folder:
        watched = Watched(Path(folder), TwoClocks())
        store, expected = ObjectStore(), {}
        for changes, polled, session in rounds:
            if session == 0:
                watched.observer.ended()
            for change in changes:
                store.apply(change)
            watched.compare()
            inventory = Inventory(
                about=About(instance_uuid="uuid"),
                root_folder="group-d1",
                confirmed_at=START,
                unreadable=store.unreadable,
                **store.objects(),
            )
            watched.observer.saw(inventory, polled=polled)
            there = {"vm": inventory.vms, "host": inventory.hosts, "datastore": inventory.datastores}
            for kind, moid in expected:
                if moid not in there[kind]:
                    expected[kind, moid] = {}
            unsaid = {(one.moid, one.path) for one in inventory.unreadable}
            for kind, moid, path, value, pushed in observed_values(inventory):
                if (moid, path) not in unsaid and (pushed or polled):
                    expected.setdefault((kind, moid), {})[path] = value
            assert watched.observer._known == expected
        watched.observer.close()
