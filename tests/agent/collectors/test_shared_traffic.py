"""All traffic of a target is counted together, whichever thread it is of."""

from agent.clock import SystemClock
from agent.collectors.shared_session import SharedSession
from agent.simulator.vcenter import SimulatedVCenter
from tests.agent.collectors.counting import session_with
from tests.agent.collectors.running import new_estate


def test_calls_on_a_borrowed_session_count_for_the_target(tmp_path):
    with SimulatedVCenter(new_estate()) as vcenter:
        (tmp_path / "ca.pem").write_bytes(vcenter.ca_pem)
        session = session_with(tmp_path / "ca.pem", vcenter.port)
        shared = SharedSession()
        shared.lend(session)
        borrowed = shared.borrow(SystemClock())
        before = session.stub.traffic.statistics
        borrowed.server_time_s()
        after = session.stub.traffic.statistics
        assert after.calls["CurrentTime"] == before.calls.get("CurrentTime", 0) + 1
        assert after.bytes_received > before.bytes_received
        borrowed.close()
        session.close()
        # to the call, what vCenter counted: it sees no version list as a call
        counted = {name: count for name, count in session.stub.traffic.statistics.calls.items() if name[0].isupper()}
        assert counted == dict(vcenter.calls)


def test_a_borrower_waits_for_another_session_than_the_one_it_lost(tmp_path):
    with SimulatedVCenter(new_estate()) as vcenter:
        (tmp_path / "ca.pem").write_bytes(vcenter.ca_pem)
        session = session_with(tmp_path / "ca.pem", vcenter.port)
        shared = SharedSession()
        shared.lend(session)
        borrowed = shared.borrow(SystemClock())
        shared.stop()
        assert shared.borrow(SystemClock(), not_this=borrowed) is None
        borrowed.close()
        session.close()
