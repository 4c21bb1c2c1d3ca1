"""The door: passwords, lockout, sessions that end, restarts."""

import socket
from datetime import UTC, datetime

import pytest
from pyVmomi import vim, vmodl

from agent.clock import SystemClock
from agent.simulator.vcenter import SimulatedVCenter
from tests.simulator.clients import PASSWORD, USER, Client, connected, stub_for
from tests.simulator.tiny_estate import SteppedClock, tiny_estate


def refused(vcenter: SimulatedVCenter, password: str) -> bool:
    try:
        with connected(vcenter, USER, password):
            return False
    except vim.fault.InvalidLogin:
        return True


@pytest.mark.parametrize(("user", "password"), [(USER, "wrong"), ("nobody", PASSWORD), (USER, "")])
def test_a_wrong_name_or_password_is_an_invalid_login(vcenter: SimulatedVCenter, user: str, password: str) -> None:
    with pytest.raises(vim.fault.InvalidLogin), connected(vcenter, user, password):
        pass
    assert len(vcenter.sessions) == 0


def test_five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour() -> None:
    clock = SteppedClock(datetime(2026, 11, 2, 8, tzinfo=UTC))
    with SimulatedVCenter(tiny_estate(clock), users={USER: PASSWORD}) as vcenter:
        assert [refused(vcenter, "wrong") for _ in range(4)] == [True] * 4
        assert not refused(vcenter, PASSWORD)
        assert [refused(vcenter, "wrong") for _ in range(5)] == [True] * 5
        assert refused(vcenter, PASSWORD)
        clock.step(901)
        assert not refused(vcenter, PASSWORD)


def test_wrong_passwords_far_apart_lock_nothing() -> None:
    clock = SteppedClock(datetime(2026, 11, 2, 8, tzinfo=UTC))
    with SimulatedVCenter(tiny_estate(clock), users={USER: PASSWORD}) as vcenter:
        for _ in range(6):
            assert refused(vcenter, "wrong")
            clock.step(60)
        assert not refused(vcenter, PASSWORD)


def test_before_login_only_the_service_content_can_be_read(vcenter: SimulatedVCenter) -> None:
    stub = stub_for(vcenter)
    instance = vim.ServiceInstance("ServiceInstance", stub)
    content = instance.RetrieveContent()
    assert content.about.apiType == "VirtualCenter"
    assert content.sessionManager.currentSession is None
    for call in (instance.CurrentTime, lambda: content.rootFolder.name, lambda: content.perfManager.perfCounter):
        with pytest.raises(vim.fault.NotAuthenticated):
            call()
    stub.DropConnections()


def test_logging_out_ends_the_session_and_its_views(vcenter: SimulatedVCenter, client: Client) -> None:
    view = client.view(vim.VirtualMachine)
    assert client.content.sessionManager.currentSession.userName == USER
    client.content.sessionManager.Logout()
    assert len(vcenter.sessions) == 0
    with pytest.raises(vim.fault.NotAuthenticated):
        _ = view.view
    client.content.sessionManager.Login(USER, PASSWORD)
    with pytest.raises(vmodl.fault.ManagedObjectNotFound):
        _ = view.view


def test_a_killed_session_is_not_authenticated_any_more(vcenter: SimulatedVCenter, client: Client) -> None:
    with connected(vcenter, "folder", PASSWORD) as other:
        assert vcenter.faults.kill_sessions("folder") == 1
        with pytest.raises(vim.fault.NotAuthenticated):
            _ = other.content.rootFolder.name
    assert client.content.rootFolder.name == "Datacenters"


def test_views_of_one_session_are_not_there_for_another(vcenter: SimulatedVCenter, client: Client) -> None:
    view = client.view(vim.VirtualMachine)
    with connected(vcenter) as other, pytest.raises(vmodl.fault.ManagedObjectNotFound):
        other.content.viewManager.CreateListViewFromView(view)


def test_while_vcenter_restarts_connections_are_refused(vcenter: SimulatedVCenter, client: Client) -> None:
    port, clock = vcenter.port, SystemClock()
    vcenter.faults.restart(down_seconds=0.5)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)
    deadline = clock.monotonic() + 10
    while clock.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            break
        except ConnectionRefusedError:
            continue
    assert vcenter.port == port
    with connected(vcenter) as again:
        assert again.content.rootFolder.name == "Datacenters"


def test_a_stopped_vcenter_leaves_no_port_open() -> None:
    with SimulatedVCenter(tiny_estate()) as vcenter:
        port = vcenter.port
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)


def test_every_answered_operation_is_counted(vcenter: SimulatedVCenter, client: Client) -> None:
    client.read(vim.VirtualMachine, "name")
    assert {name: vcenter.calls[name] for name in ("Login", "RetrievePropertiesEx", "Fetch")} == {
        "Login": 1,
        "RetrievePropertiesEx": 1,
        "Fetch": 0,
    }
