"""No entity is expanded, no answer is read without limit."""

from pathlib import Path

import pytest

from agent.clock import SystemClock
from agent.errors import Undecodable
from agent.simulator.estate import municipality
from agent.simulator.objects import Estate
from agent.simulator.vcenter import SimulatedVCenter
from agent.vcenter import soap
from agent.vcenter.endpoint import Endpoint
from agent.vcenter.envelope import check_beginning, opened, whole
from agent.vcenter.session import connect
from agent.vcenter.soap import Stub
from agent.vcenter.transport import Transport

BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;">]>'
    b'<soapenv:Envelope xmlns:soapenv="x">&lol2;</soapenv:Envelope>'
)
SOAP = b'<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope xmlns:soapenv="x"/>'


@pytest.mark.parametrize(
    "text", [SOAP, SOAP.replace(b"UTF-8", b"utf-8"), b"\xef\xbb\xbf" + SOAP, b"\n<a/>", b"<_a/>", b""]
)
def test_what_vcenter_answers_is_let_through(text: bytes) -> None:
    check_beginning(text, "dc1", "Login")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "declares a document type"),
        (b"<!-- " + b"x" * 5000 + b" -->" + BOMB, "does not begin as an answer"),
        (b"\n" * 5000 + BOMB, "does not begin as an answer"),
        (BOMB.decode().encode("utf-16"), "does not begin as an answer"),
        (SOAP.replace(b"UTF-8", b"UTF-7"), "does not begin as an answer"),
        (SOAP.replace(b"UTF-8", b"cp037"), "does not begin as an answer"),
        (b"<?xml-stylesheet href='x'?>" + SOAP, "does not begin as an answer"),
        (b"\x00\x1f}{", "does not begin as an answer"),
        (b"<html", None),
    ],
)
def test_whatever_could_declare_an_entity_is_refused_before_a_parser_sees_it(text: bytes, said: str | None) -> None:
    if said is None:
        check_beginning(text, "dc1", "Login")
        return
    with pytest.raises(Undecodable, match=said):
        check_beginning(text, "dc1", "Login")


def test_a_document_type_that_comes_byte_by_byte_is_refused_all_the_same() -> None:
    with pytest.raises(Undecodable, match="declares a document type"):
        list(opened((bytes([byte]) for byte in BOMB), "dc1", "Login"))


def test_an_answer_without_end_is_cut_off() -> None:
    def endless():
        yield SOAP
        while True:
            yield b" " * 1_000_000

    with pytest.raises(Undecodable, match="is longer than 32 MB"):
        whole(endless(), "dc1", "Login")


def test_what_is_let_through_is_not_changed() -> None:
    parts = [SOAP[:3], SOAP[3:], b"x" * 5000, b"y"]
    assert b"".join(opened(parts, "dc1", "Login")) == b"".join(parts)


@pytest.fixture
def vcenter():
    estate = Estate(1, SystemClock().now)
    municipality(estate, vms=20)
    with SimulatedVCenter(estate, users={"u": "p"}) as simulated:
        yield simulated


@pytest.fixture
def stub(vcenter: SimulatedVCenter, tmp_path: Path):
    (tmp_path / "ca.pem").write_bytes(vcenter.ca_pem)
    endpoint = Endpoint(
        name="dc1", host="127.0.0.1", port=vcenter.port, username="u", ca_file=tmp_path / "ca.pem", timeout_s=10.0
    )
    transport = Transport(endpoint, SystemClock())
    yield Stub(transport)
    transport.close()


def test_a_bomb_in_place_of_an_answer_is_refused_wherever_it_comes(vcenter: SimulatedVCenter, stub: Stub) -> None:
    session = connect(stub, "u", "p", SystemClock())
    vcenter.faults.answer_garbage("CurrentTime", body=BOMB)
    with pytest.raises(Undecodable, match="declares a document type"):
        session.clock_offset_s()
    session.close()


def test_one_element_without_end_is_given_up(
    vcenter: SimulatedVCenter, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(soap, "LARGEST_ELEMENT_BYTES", 100_000)
    session = connect(stub, "u", "p", SystemClock())
    vcenter.faults.answer_garbage("CreateContainerView", body=SOAP.replace(b"/>", b">") + b"<a>" * 200_000)
    with pytest.raises(Undecodable, match="one element in the answer to CreateContainerView is longer"):
        stub.stream(session.content.viewManager, "CreateContainerView", [session.root, [], True], "objects", list)
    session.close()
