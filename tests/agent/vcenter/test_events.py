"""Reading events from a simulated vCenter over the wire."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pyVmomi import vim

from agent.clock import SystemClock
from agent.errors import Undecodable
from agent.simulator.objects import Estate
from agent.simulator.vcenter import SimulatedVCenter
from agent.vcenter.endpoint import Endpoint
from agent.vcenter.event_kinds import EVENT_KINDS
from agent.vcenter.events import EventReader, Keys, Retention
from agent.vcenter.session import connect
from agent.vcenter.soap import Stub
from agent.vcenter.transport import Transport
from tests.simulator.tiny_estate import SteppedClock, tiny_estate

START = datetime(2026, 11, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(START)


@pytest.fixture
def vcenter(clock: SteppedClock) -> Iterator[SimulatedVCenter]:
    with SimulatedVCenter(tiny_estate(clock), users={"all": "simulated", "folder": "simulated"}) as running:
        yield running


@contextmanager
def reading(vcenter: SimulatedVCenter, user: str = "all") -> Iterator[EventReader]:
    endpoint = Endpoint(
        name="dc1", host="127.0.0.1", port=vcenter.port, username=user, fingerprint=vcenter.fingerprint_sha256
    )
    clock = SystemClock()
    session = connect(Stub(Transport(endpoint, clock)), user, "simulated", clock)
    try:
        yield EventReader(session)
    finally:
        session.close()


def post(estate: Estate, moid: str = "vm-1", kind: type = vim.event.VmPoweredOffEvent, **more: Any) -> int:
    host = vim.event.HostEventArgument(name="esx01", host=vim.HostSystem("host-1"))
    vm = vim.event.VmEventArgument(name=moid, vm=vim.VirtualMachine(moid))
    return estate.event(kind(vm=vm, host=host, template=False, **more)).key


def read(vcenter: SimulatedVCenter, user: str = "all", keys: Keys | None = None, end: datetime = START + HOUR) -> Any:
    with reading(vcenter, user) as reader:
        return reader.read(START - HOUR, end, keys)


def keys(found: Any) -> list[int]:
    return [one.key for one in found.events]


def test_a_window_holds_its_beginning_and_not_its_end(vcenter, clock):
    for _ in range(3):
        post(vcenter.estate)
        clock.step(60)
    with reading(vcenter) as reader:
        found = reader.read(START + timedelta(seconds=60), START + timedelta(seconds=120))
        assert keys(found) == [2]
        assert keys(reader.read(START + timedelta(seconds=120), START + timedelta(seconds=121))) == [3]


def test_an_event_is_read_whole(vcenter):
    post(vcenter.estate, userName="VENDOR\\anna", fullFormattedMessage="vm-1 is powered off", chainId=7)
    (event,) = read(vcenter).events
    assert (event.kind, event.user, event.chain_id) == ("VmPoweredOffEvent", "VENDOR\\anna", 7)
    assert (event.vm, event.vm_name, event.host, event.host_name) == ("vm-1", "vm-1", "host-1", "esx01")
    assert (event.message, event.created) == ("vm-1 is powered off", START)
    assert event.fields["template"] == "false"


def test_more_events_than_a_page_holds_are_all_read(vcenter):
    for _ in range(2300):
        post(vcenter.estate)
    assert keys(read(vcenter)) == list(range(1, 2301))


def test_events_behind_pages_that_are_empty_for_this_account_are_read(vcenter):
    vcenter.faults.limit_visibility("folder", "group-v2")
    vcenter.faults.raw_event_pages = True
    seen = [post(vcenter.estate, "vm-1")]
    for _ in range(3500):
        post(vcenter.estate, "vm-3")
    seen.append(post(vcenter.estate, "vm-1"))
    with reading(vcenter, "folder") as reader:
        newest = reader.newest_key()
        assert keys(reader.read(START - HOUR, START + HOUR)) == seen
        assert keys(reader.read(START - HOUR, START + HOUR, Keys(newest=newest))) == seen
        assert keys(reader.read(START - HOUR, START + HOUR, Keys(after=0, newest=newest))) == seen


def test_keys_prove_the_end_so_that_no_empty_page_is_asked_for(vcenter):
    for _ in range(1200):
        post(vcenter.estate)
    assert len(read(vcenter, keys=Keys(after=0, newest=1200)).events) == 1200
    assert vcenter.calls["ReadNextEvents"] == 2


def test_few_events_are_asked_for_in_one_call(vcenter):
    for _ in range(3):
        post(vcenter.estate)
    assert keys(read(vcenter, keys=Keys(after=0, newest=3))) == [1, 2, 3]
    assert vcenter.calls["QueryEvents"] == 1
    assert vcenter.calls["CreateCollectorForEvents"] == 0


def test_what_one_call_may_not_hold_is_read_page_by_page(vcenter):
    for _ in range(1500):  # of which the last 1400 came after the newest key was asked for
        post(vcenter.estate)
    assert keys(read(vcenter, keys=Keys(after=0, newest=100))) == list(range(1, 1501))


def test_one_call_that_cannot_be_read_is_followed_by_pages(vcenter):
    bad, good = post(vcenter.estate), post(vcenter.estate)
    vcenter.faults.control_character_in_event(bad)
    found = read(vcenter, keys=Keys(after=0, newest=good))
    assert keys(found) == [good]
    assert len(found.undecodable) == 1


@pytest.mark.parametrize("known", [Keys(newest=5), Keys(after=9_000, newest=5), Keys(after=9_000, newest=9_100)])
def test_keys_that_events_prove_wrong_are_not_believed(vcenter, known):
    """A late event has a key that is too high for its time; a restored vCenter counts from a lower number again."""
    for _ in range(1500):
        post(vcenter.estate)
    assert len(read(vcenter, keys=known).events) == 1500


def test_an_event_that_breaks_its_page_is_found_and_costs_no_other(vcenter, clock):
    good = []
    for number in range(40):
        key = post(vcenter.estate)
        if number == 17:
            vcenter.faults.control_character_in_event(key)
            bad_at = clock()
        else:
            good.append(key)
        clock.step(0.25)
    found = read(vcenter)
    assert keys(found) == good
    (bad,) = found.undecodable
    assert bad.start <= bad_at < bad.end
    assert bad.end - bad.start <= timedelta(seconds=1)
    again = read(vcenter).undecodable
    assert [one.identity for one in again] == [bad.identity]


def test_an_event_of_an_unknown_class_is_read_like_any_other(vcenter):
    key = post(vcenter.estate, userName="anna")
    vcenter.faults.unknown_event_class(key)
    (event,) = read(vcenter).events
    assert (event.kind, event.user, event.vm) == ("UnheardOfEvent", "anna", "vm-1")


def test_a_page_that_is_garbage_once_is_read_again(vcenter):
    post(vcenter.estate)
    vcenter.faults.answer_garbage("ReadNextEvents", times=3)
    assert keys(read(vcenter)) == [1]


def test_answers_that_are_never_xml_are_given_up(vcenter):
    post(vcenter.estate)
    vcenter.faults.answer_garbage("ReadNextEvents", times=None)
    with pytest.raises(Undecodable):
        read(vcenter)


def test_collectors_are_given_back_for_a_session_has_only_some(vcenter):
    with reading(vcenter) as reader:
        for _ in range(40):
            reader.read(START - HOUR, START + HOUR)
    assert vcenter.calls["CreateCollectorForEvents"] == vcenter.calls["DestroyCollector"] == 40


def test_the_newest_key_and_the_oldest_event_are_told(vcenter, clock):
    with reading(vcenter) as reader:
        assert (reader.newest_key(), reader.oldest()) == (None, None)
        post(vcenter.estate)
        clock.step(60)
        post(vcenter.estate)
        assert (reader.newest_key(), reader.oldest()) == (2, START)


def test_the_retention_is_read_and_where_it_is_not_told_that_is_said(vcenter):
    with reading(vcenter) as reader:
        assert reader.retention() == Retention(days=30, told=True)
        vcenter.estate.options["event.maxAgeEnabled"] = False
        assert reader.retention() == Retention(days=None, told=True)
        vcenter.estate.options.clear()
        assert reader.retention() == Retention(days=30, told=False)


def test_no_kind_of_event_is_asked_for_twice():
    assert len(EVENT_KINDS) == len(set(EVENT_KINDS))


@pytest.mark.parametrize("kind", [kind for kind in EVENT_KINDS if "." not in kind])
def test_every_plain_kind_is_a_class_of_vcenters(kind):
    assert issubclass(getattr(vim.event, kind), vim.event.Event)
