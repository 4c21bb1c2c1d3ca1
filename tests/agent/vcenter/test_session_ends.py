"""No session is left behind at vCenter, however suddenly the agent stops."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.clock import SystemClock
from agent.errors import VCenterError
from agent.simulator.vcenter import SimulatedVCenter
from agent.vcenter.endpoint import Endpoint
from agent.vcenter.session import Session, connect
from agent.vcenter.soap import Stub
from agent.vcenter.transport import Transport
from tests.agent.collectors.running import new_estate

SLOW_S = 0.5


@pytest.fixture
def vcenter():
    with SimulatedVCenter(new_estate()) as running:
        yield running


@pytest.fixture
def stub(vcenter: SimulatedVCenter, tmp_path: Path) -> Iterator[Stub]:
    ca_file = tmp_path / "ca.pem"
    ca_file.write_bytes(vcenter.ca_pem)
    endpoint = Endpoint(name="dc1", host="127.0.0.1", port=vcenter.port, username="checkmeter", ca_file=ca_file)
    made = Stub(Transport(endpoint, SystemClock()))
    yield made
    made.transport.close()


def log_in(stub: Stub) -> Session:
    return connect(stub, "checkmeter", "simulated", SystemClock())


def interrupted(stub: Stub, work: Callable[[], object]) -> float:
    """Do `work`, and interrupt it in the midst; how long it took, seconds."""
    timer = threading.Timer(SLOW_S / 2, stub.transport.interrupt)
    timer.start()
    before = time.monotonic()
    work()
    timer.join()
    return time.monotonic() - before


def test_a_login_is_not_cut_by_an_interrupt_and_what_it_opened_is_ended(vcenter: SimulatedVCenter, stub: Stub):
    vcenter.faults.delay(SLOW_S, "Login")

    def refuse() -> None:
        with pytest.raises(VCenterError):
            log_in(stub)

    assert SLOW_S <= interrupted(stub, refuse) < 4
    assert (vcenter.calls["Login"], vcenter.calls["Logout"]) == (1, 1)
    assert len(vcenter.sessions) == 0


def test_a_logout_is_not_cut_by_an_interrupt(vcenter: SimulatedVCenter, stub: Stub):
    session = log_in(stub)
    vcenter.faults.delay(SLOW_S, "Logout")
    assert SLOW_S <= interrupted(stub, session.close) < 4
    assert vcenter.calls["Logout"] == 1
    assert len(vcenter.sessions) == 0


def test_an_interrupt_between_two_calls_leaves_no_session_behind(vcenter: SimulatedVCenter, stub: Stub):
    """Nothing was under way: what was cut is the connection that the logout would have used."""
    session = log_in(stub)
    stub.transport.interrupt()
    session.close()
    assert vcenter.calls["Logout"] == 1
    assert len(vcenter.sessions) == 0


def test_a_login_that_hangs_does_not_hold_up_the_stop(vcenter: SimulatedVCenter, stub: Stub):
    vcenter.faults.hang("Login")

    def refuse() -> None:
        with pytest.raises(VCenterError):
            log_in(stub)

    assert interrupted(stub, refuse) < 10
