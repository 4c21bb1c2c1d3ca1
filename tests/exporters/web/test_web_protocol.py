"""Requests that are wrong in the midst of their answer: refused, and nothing for the log but one line a minute."""

import asyncio
import contextlib
import errno
import itertools
import random
import socket
import time
from collections.abc import Iterator

import pytest

from agent.clock import SystemClock
from exporters.asgi import Receive, Response, Scope, Send
from exporters.web_server import WebServer
from tests.exporters.web.malformed import MALFORMED, mutation

SOON_S = 5.0
ANSWERED_AFTER_S = 0.1
BODY = b"POST /slow HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
LAST = b"GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """`/slow` after a while; CONNECT is refused, as the agent does."""
    if scope["path"] == "/slow":
        await asyncio.sleep(ANSWERED_AFTER_S)
    status = 405 if scope["method"] == "CONNECT" else 200
    await Response(status=status, body=b"hello").send_to(send, [])


@pytest.fixture(scope="module")
def server() -> Iterator[WebServer]:
    server = WebServer(answer, [("127.0.0.1", 0)], clock=SystemClock(), receive_deadline_s=1.0, send_deadline_s=1.0)
    server.start()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _nothing_in_full(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert [one.getMessage() for one in caplog.get_records("call") if one.exc_info] == []


def sent(server: WebServer, *pieces: bytes, pause_s: float = 0.03) -> bytes:
    """All that comes back until the server hangs up, or for a second."""
    received = b""
    with socket.create_connection(server.addresses[0], timeout=SOON_S) as client, contextlib.suppress(OSError):
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces:
            client.sendall(piece)
            time.sleep(pause_s)
        client.settimeout(1.0)
        while came := client.recv(65_536):
            received += came
    return received


def test_a_body_that_is_none_gets_400_and_not_the_answer_that_was_under_way(server: WebServer) -> None:
    came = sent(server, BODY, b"zz\r\n")
    assert came.startswith(b"HTTP/1.1 400 ")
    assert came.count(b"HTTP/1.1 ") == 1


def test_a_body_that_is_none_after_its_answer_ends_the_connection(server: WebServer) -> None:
    came = sent(server, BODY, b"1\r\nx\r\n", b"zz\r\n", pause_s=2 * ANSWERED_AFTER_S)
    assert came.startswith(b"HTTP/1.1 200 ")
    assert came.count(b"HTTP/1.1 ") == 1


def test_what_comes_after_the_last_request_does_not_cost_its_answer(server: WebServer) -> None:
    came = sent(server, LAST, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x00\x01")
    assert came.startswith(b"HTTP/1.1 200 ")
    assert came.endswith(b"hello")


def test_another_protocol_is_not_spoken_and_no_package_advised(
    server: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    upgrade = b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n"
    assert sent(server, upgrade).startswith(b"HTTP/1.1 200 ")
    assert caplog.records == []


def test_nonsense_in_pieces_and_in_rows_is_answered_or_hung_up_on(
    server: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    chance = random.Random(7)
    sound = (BODY + b"5\r\nabcde\r\n0\r\n\r\n", LAST, b"GET / HTTP/1.0\r\n\r\n", *MALFORMED)
    for _ in range(300):
        row = b"".join(mutation(chance.choice(sound), chance) for _ in range(chance.randint(1, 4)))
        cuts = sorted(chance.randrange(len(row) + 1) for _ in range(3))
        pieces = [row[a:b] for a, b in itertools.pairwise([0, *cuts, len(row)])]
        with socket.create_connection(server.addresses[0], timeout=SOON_S) as client, contextlib.suppress(OSError):
            for piece in pieces:
                client.sendall(piece)
                time.sleep(chance.choice([0.0, 0.001, 0.003]))
    assert sent(server, LAST).endswith(b"hello")
    assert {one.getMessage() for one in caplog.records} <= {"a client sent what is no HTTP request"}
    assert len(caplog.records) <= 1, "one line a minute"


def test_the_lack_of_descriptors_is_one_line_and_so_is_what_a_connection_dies_of(
    server: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    loop = asyncio.new_event_loop()
    try:
        for number in (errno.EMFILE, errno.EMFILE, errno.ECONNRESET):
            server._server._unhandled(loop, {"message": "x", "exception": OSError(number, "why")})
        server._server._unhandled(loop, {"message": "x", "exception": MemoryError()})
    finally:
        loop.close()
    assert [(one.getMessage(), getattr(one, "reason", "")) for one in caplog.records] == [
        ("no new client is let in, tried again every second", "why"),
        ("a connection failed", "[Errno 104] why"),
        ("a client was not answered", "the machine has no memory left for it"),
    ]
