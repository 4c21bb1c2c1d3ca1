"""What answers where a vCenter should: one that is starting, or none at all."""

import contextlib

import pytest

from agent.clock import SystemClock
from agent.errors import Unreachable
from agent.vcenter.endpoint import Endpoint
from agent.vcenter.soap import Stub
from agent.vcenter.transport import Transport
from tests.agent.vcenter.tls_server import TlsServer, answer


@pytest.mark.parametrize(
    ("status", "problem", "cure"),
    [
        ("503 Service Unavailable", "answered vimServiceVersions with HTTP 503 Service Unavailable", "starting"),
        ("404 Not Found", "answers, but is not a vCenter (HTTP 404)", "check host and port"),
        ("200 OK", "answers, but is not a vCenter (HTTP 200)", "check host and port"),
    ],
)
def test_a_vcenter_that_is_starting_is_told_from_what_is_no_vcenter(status: str, problem: str, cure: str) -> None:
    page = b"<html><body>no</html>"
    with contextlib.closing(TlsServer(lambda connection, _: answer(connection, page, status=status))) as server:
        endpoint = Endpoint(
            name="dc1", host="127.0.0.1", port=server.port, username="u", fingerprint=server.fingerprint, timeout_s=5.0
        )
        with contextlib.closing(Transport(endpoint, SystemClock())) as transport, pytest.raises(Unreachable) as caught:
            Stub(transport).negotiate()
    assert problem in caught.value.problem
    assert cure in caught.value.cure
