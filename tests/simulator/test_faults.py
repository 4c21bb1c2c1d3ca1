"""Everything that can be made to go wrong on the wire, and that the server survives it."""

import http.client
import socket
import ssl
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from xml.parsers.expat import ExpatError

import pytest
from pyVmomi import vim

from agent.clock import SystemClock
from agent.simulator.vcenter import SimulatedVCenter
from tests.simulator.clients import PASSWORD, USER, Client, connected, stub_for
from tests.simulator.tiny_estate import tiny_estate

VM = vim.VirtualMachine


def still_answers(vcenter: SimulatedVCenter) -> bool:
    with connected(vcenter) as client:
        return len(client.read(VM, "name")) == 4


def test_a_silent_client_blocks_nobody(vcenter: SimulatedVCenter) -> None:
    silent = [socket.create_connection((vcenter.host, vcenter.port), timeout=5) for _ in range(3)]
    assert still_answers(vcenter)
    for one in silent:
        one.close()


def test_a_client_that_speaks_no_tls_hurts_nobody(vcenter: SimulatedVCenter) -> None:
    with socket.create_connection((vcenter.host, vcenter.port), timeout=5) as plain:
        plain.sendall(b"GET / HTTP/1.0\r\n\r\n")
    assert still_answers(vcenter)


def test_an_answer_can_be_slow(vcenter: SimulatedVCenter, client: Client) -> None:
    vcenter.faults.delay(0.3, "CurrentTime")
    clock, instance = SystemClock(), vim.ServiceInstance("ServiceInstance", client.stub)
    began = clock.monotonic()
    instance.CurrentTime()
    assert clock.monotonic() - began >= 0.3
    vcenter.faults.delay(0, "CurrentTime")
    assert vcenter.faults.delay_of("CurrentTime") == 0


def test_an_answer_can_hang_in_the_middle_until_it_is_released(vcenter: SimulatedVCenter, client: Client) -> None:
    view = client.view(VM)
    vcenter.faults.hang("Fetch")
    release = threading.Timer(0.3, vcenter.faults.release)
    release.start()
    with pytest.raises((http.client.HTTPException, OSError, ExpatError)):
        _ = view.view
    release.join(timeout=5)
    assert still_answers(vcenter)


@pytest.mark.parametrize(
    ("break_it", "error"),
    [
        (lambda faults: faults.reset("CurrentTime"), OSError),
        (lambda faults: faults.answer_status(503, "CurrentTime"), http.client.HTTPException),
        (lambda faults: faults.answer_garbage("CurrentTime"), ExpatError),
    ],
)
def test_one_answer_can_be_broken_and_the_next_is_sound(
    vcenter: SimulatedVCenter, client: Client, break_it: Callable[[object], None], error: type[Exception]
) -> None:
    instance = vim.ServiceInstance("ServiceInstance", client.stub)
    break_it(vcenter.faults)
    with pytest.raises(error):
        instance.CurrentTime()
    client.stub.DropConnections()
    assert abs(instance.CurrentTime() - datetime.now(UTC)) < timedelta(seconds=60)


def test_a_fault_lasts_as_often_as_was_said(vcenter: SimulatedVCenter, client: Client) -> None:
    instance = vim.ServiceInstance("ServiceInstance", client.stub)
    vcenter.faults.answer_status(503, times=None)
    for _ in range(3):
        with pytest.raises(http.client.HTTPException):
            instance.CurrentTime()
    vcenter.faults.clear()
    assert instance.CurrentTime()


def test_a_control_character_spoils_the_whole_answer(vcenter: SimulatedVCenter, client: Client) -> None:
    vcenter.faults.control_character("vm-2")
    with pytest.raises(ExpatError):
        client.read(VM, "name")
    assert len(client.read(VM, "runtime.powerState")) == 4


def test_an_unknown_enum_value_cannot_be_decoded(vcenter: SimulatedVCenter, client: Client) -> None:
    vcenter.faults.unknown_enum("vm-2", "runtime.powerState")
    with pytest.raises(AttributeError, match="unheardOf"):
        client.read(VM, "runtime.powerState")


def test_an_unknown_type_cannot_be_decoded(vcenter: SimulatedVCenter, client: Client) -> None:
    vcenter.faults.unknown_type("vm-2", "summary.config")
    with pytest.raises(KeyError, match="UnheardOfType"):
        client.read(VM, "summary.config")
    vcenter.faults.clear()
    assert len(client.read(VM, "summary.config")) == 4


def test_a_name_may_hold_anything_that_xml_can(vcenter: SimulatedVCenter, client: Client) -> None:
    for name in ("<script>alert(1)</script>", "a & b", 'say "hej"', "blåbærgrød 🫐", "100%25/done"):
        vcenter.estate.set("vm-1", "name", name)
        assert client.read(VM, "name")["vm-1"]["name"] == name
    vcenter.estate.set("vm-1", "name", "bell\x07")
    assert client.read(VM, "name")["vm-1"]["name"] == "bell\ufffd"


def test_the_clock_of_vcenter_can_be_wrong(vcenter: SimulatedVCenter, client: Client) -> None:
    vcenter.faults.skew_clock(-7200)
    off = vim.ServiceInstance("ServiceInstance", client.stub).CurrentTime() - datetime.now(UTC)
    assert timedelta(seconds=-7260) < off < timedelta(seconds=-7140)
    event = vcenter.estate.event(vim.event.VmPoweredOnEvent(template=False))
    assert event.createdTime < datetime.now(UTC) - timedelta(hours=1)


def test_another_certificate_is_not_trusted(vcenter: SimulatedVCenter) -> None:
    trusted = ssl.create_default_context(cadata=vcenter.ca_pem.decode())
    before = vcenter.fingerprint_sha256
    vcenter.faults.swap_certificate()
    assert vcenter.fingerprint_sha256 != before
    stub = stub_for(vcenter, trusted)
    with pytest.raises(ssl.SSLCertVerificationError, match=r"unable to get local issuer|signature failure|self.signed"):
        vim.ServiceInstance("ServiceInstance", stub).RetrieveContent()
    assert still_answers(vcenter)


def test_an_expired_certificate_is_refused_for_its_date(vcenter: SimulatedVCenter) -> None:
    vcenter.faults.swap_certificate(expired=True)
    with pytest.raises(ssl.SSLCertVerificationError, match="certificate has expired"), connected(vcenter):
        pass


def test_swapping_the_certificate_cuts_open_connections(vcenter: SimulatedVCenter, client: Client) -> None:
    instance = vim.ServiceInstance("ServiceInstance", client.stub)
    instance.CurrentTime()
    vcenter.faults.swap_certificate()
    with pytest.raises((OSError, http.client.HTTPException)):
        instance.CurrentTime()


def test_the_fingerprint_is_that_of_the_served_certificate(vcenter: SimulatedVCenter) -> None:
    served = ssl.get_server_certificate((vcenter.host, vcenter.port), timeout=10)
    assert ssl.PEM_cert_to_DER_cert(served) == ssl.PEM_cert_to_DER_cert(vcenter.leaf_pem.decode())
    assert len(vcenter.fingerprint_sha256) == 64


def test_two_vcenters_run_side_by_side() -> None:
    with (
        SimulatedVCenter(tiny_estate(), users={USER: PASSWORD}) as one,
        SimulatedVCenter(tiny_estate(), users={USER: PASSWORD}) as two,
    ):
        assert one.port != two.port
        assert still_answers(one)
        assert still_answers(two)
