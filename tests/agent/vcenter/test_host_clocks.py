"""The hosts' own clocks: read one by one, bounded, and unknown where they are not told."""

from datetime import UTC, datetime, timedelta

import pytest

from agent.clock import SystemClock
from agent.errors import NotPermitted, Refused, SessionLost
from agent.model.host import HostSystem
from agent.model.inventory import HostClock
from agent.simulator.estate import municipality
from agent.simulator.objects import Estate
from agent.simulator.vcenter import SimulatedVCenter
from agent.vcenter.endpoint import Endpoint
from agent.vcenter.host_clocks import ASKED_AGAIN_AFTER, MOST_A_READING, HostClocks, read_host_clocks
from agent.vcenter.session import connect
from agent.vcenter.soap import Stub
from agent.vcenter.transport import Transport

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
NOTHING = HostClocks({}, ())


class NoonClock(SystemClock):
    """A clock that stands still."""

    def __init__(self, after=timedelta(0)) -> None:
        self.after = after

    def now(self) -> datetime:
        return NOON + self.after


class AnsweringSession:
    """A session of which every host's answer is the same: seconds, or an error."""

    stub = None

    def __init__(self, answer: float | Exception) -> None:
        self.answer = answer
        self.asked = 0

    def offset_s(self, _ask) -> float:
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def hosts(count: int, **fields):
    usual = {"connection_state": "connected", "date_time_system": "dateTimeSystem-1"}
    return [HostSystem(moid=f"host-{number}", **{**usual, **fields}) for number in range(count)]


def read(session, found, before=NOTHING, after=timedelta(0)):
    return read_host_clocks(session, found, before, NoonClock(after), lambda: None)


def test_a_host_that_runs_ahead_is_told_by_as_much_over_the_wire(tmp_path):
    clock = SystemClock()
    estate = Estate(1, clock.now)
    municipality(estate, vms=20)
    with SimulatedVCenter(estate) as vcenter:
        ca_file = tmp_path / "ca.pem"
        ca_file.write_bytes(vcenter.ca_pem)
        endpoint = Endpoint(name="x", host="127.0.0.1", port=vcenter.port, username="checkmeter", ca_file=ca_file)
        session = connect(Stub(Transport(endpoint, clock)), "checkmeter", "simulated", clock)
        try:
            asked = [
                HostSystem(moid=moid, connection_state="connected", date_time_system=f"dateTimeSystem-{moid[5:]}")
                for moid in ("host-301", "host-299")
            ]
            clocks, unreadable, _ = read_host_clocks(session, asked, NOTHING, clock, lambda: None)
        finally:
            session.close()
    assert clocks["host-301"].ahead_s == pytest.approx(0, abs=0.5)
    assert clocks["host-299"].ahead_s == pytest.approx(4.2, abs=0.5)
    assert unreadable == ()


def test_a_host_that_may_not_be_asked_is_named_with_the_privilege():
    session = AnsweringSession(NotPermitted("no", privilege="System.Read"))
    clocks, unreadable, _ = read(session, hosts(1))
    assert clocks == {}
    assert [(one.moid, one.privilege) for one in unreadable] == [("host-0", "System.Read")]


@pytest.mark.parametrize(
    "error", [Refused("no", fault="HostNotReachable"), SessionLost("gone", fault="ManagedObjectNotFound")]
)
def test_a_host_that_does_not_answer_is_left_out(error):
    assert read(AnsweringSession(error), hosts(2))[:2] == ({}, ())


def test_a_session_that_is_lost_is_told_on():
    with pytest.raises(SessionLost):
        read(AnsweringSession(SessionLost("gone", fault="NotAuthenticated")), hosts(2))


def test_a_host_out_of_reach_or_without_a_clock_of_its_own_is_not_asked():
    session = AnsweringSession(0.0)
    read(session, hosts(2, connection_state="notResponding") + hosts(2, date_time_system=None))
    assert session.asked == 0


def test_of_many_hosts_some_are_asked_at_a_time_and_the_others_the_next_time():
    session, many = AnsweringSession(0.0), hosts(MOST_A_READING + 7)
    first = read(session, many)
    assert session.asked == len(first.clocks) == MOST_A_READING
    second = read(session, many, first)
    assert len(second.clocks) == MOST_A_READING + 7


@pytest.mark.parametrize("answer", [1.5, Refused("no", fault="x"), NotPermitted("no", privilege="System.Read")])
def test_a_host_is_asked_once_an_hour_whatever_it_answers(answer):
    session, both = AnsweringSession(answer), hosts(2)
    first = read(session, both)
    soon = read(session, both, first, ASKED_AGAIN_AFTER - timedelta(minutes=5))
    assert session.asked == 2
    assert soon == first
    later = read(session, both, soon, ASKED_AGAIN_AFTER)
    assert session.asked == 4
    assert later.unreadable == first.unreadable


def test_a_host_that_has_gone_is_refused_no_more():
    session = AnsweringSession(NotPermitted("no", privilege="System.Read"))
    assert read(session, [], read(session, hosts(2))) == NOTHING


def test_what_a_host_said_long_ago_is_forgotten():
    before = HostClocks({"host-9": HostClock(ahead_s=1.0, read_at=NOON - timedelta(hours=2))}, ())
    assert read(AnsweringSession(0.0), [], before) == NOTHING
