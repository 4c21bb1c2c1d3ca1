"""Sockets, slow clients, start and stop."""

import asyncio
import contextlib
import http.client
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from agent.clock import SystemClock
from agent.errors import ConfigError, PortInUse
from exporters import web_server
from exporters.asgi import Receive, Response, Scope, Send
from exporters.web_server import MAX_HEADER_BYTES, WORKERS, Address, WebServer

DEADLINE_S = 0.4
SOON_S = 5.0
LARGE_BYTES = 64_000_000


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    """Greets; `/slow` after a while, `/large` with more than any socket buffers, `/broken` not at all."""
    if scope["path"] == "/broken":
        raise ZeroDivisionError("a bug")
    if scope["path"] == "/in-a-thread":
        await asyncio.to_thread(bytes)
    if scope["path"] == "/slow":
        await asyncio.sleep(2 * DEADLINE_S)
    body = b"x" * LARGE_BYTES if scope["path"] == "/large" else b"hello"
    await Response(body=body).send_to(send, [])


Start = Callable[..., WebServer]


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[WebServer] = []

    def start_one(*listen: tuple[str, int]) -> WebServer:
        server = WebServer(
            hello,
            listen or [("127.0.0.1", 0)],
            clock=SystemClock(),
            receive_deadline_s=DEADLINE_S,
            send_deadline_s=DEADLINE_S,
        )
        started.append(server)
        server.start()
        return server

    yield start_one
    for server in started:
        server.stop()


def get(address: Address, path: str = "/") -> bytes:
    connection = http.client.HTTPConnection(address.host, address.port, timeout=SOON_S)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()


def connect(address: Address) -> socket.socket:
    return socket.create_connection(address, timeout=SOON_S)


def bytes_until_closed(client: socket.socket) -> int:
    """What still comes until the server hangs up; a time-out where it does not."""
    received = 0
    with contextlib.suppress(ConnectionResetError):
        while data := client.recv(1_000_000):
            received += len(data)
    return received


def send_slowly(client: socket.socket, request: bytes) -> None:
    for byte in request:
        client.sendall(bytes([byte]))
        time.sleep(DEADLINE_S / 8)


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


def test_port_zero_gives_a_real_port_on_every_address(start: Start) -> None:
    server = start(("127.0.0.1", 0), ("127.0.0.2", 0))
    assert [address.host for address in server.addresses] == ["127.0.0.1", "127.0.0.2"]
    assert all(address.port > 0 for address in server.addresses)
    assert [get(address) for address in server.addresses] == [b"hello", b"hello"]


def test_ipv6_and_ipv4_wildcards_can_be_listened_on_side_by_side(start: Start) -> None:
    if not has_ipv6():
        with pytest.raises(ConfigError, match=r"cannot listen on \[::1\]:0"):
            start(("::1", 0))
        return
    port = start(("::", 0)).addresses[0].port
    other = start(("0.0.0.0", port))  # noqa: S104 - the wildcard is what is tested
    assert other.addresses[0] == ("0.0.0.0", port)  # noqa: S104 - likewise
    assert get(Address("::1", port)) == get(Address("127.0.0.1", port)) == b"hello"
    assert Address("::1", 80).authority == "[::1]:80"


def test_a_host_name_is_listened_on_by_its_addresses(start: Start) -> None:
    assert {get(address) for address in start(("localhost", 0)).addresses} == {b"hello"}


def test_a_port_in_use_is_one_clear_line_and_leaves_nothing_open(start: Start) -> None:
    taken = start().addresses[0]
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free = probe.getsockname()[1]
    with pytest.raises(PortInUse) as caught:
        WebServer(hello, [("127.0.0.1", free), tuple(taken)], clock=SystemClock())
    assert str(caught.value).startswith(f"cannot listen on 127.0.0.1:{taken.port}: another process has the port; ")
    assert "\n" not in str(caught.value)
    assert start(("127.0.0.1", free)).addresses[0].port == free, "the first address was given back"


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_that_is_not_ours_is_a_mistake_in_the_configuration(host: str) -> None:
    with pytest.raises(ConfigError, match=f"cannot listen on {host}:1"):
        WebServer(hello, [(host, 1)], clock=SystemClock())


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n"], ids=repr)
def test_a_client_that_does_not_finish_its_request_is_dropped_and_holds_up_nobody(start: Start, sent: bytes) -> None:
    address = start().addresses[0]
    with contextlib.ExitStack() as opened:
        silent = [opened.enter_context(connect(address)) for _ in range(20)]
        for client in silent:
            client.sendall(sent)
        assert get(address) == b"hello"
        assert [bytes_until_closed(client) for client in silent] == [0] * len(silent)


def test_a_client_that_sends_a_byte_now_and_then_is_dropped_too(start: Start) -> None:
    with connect(start().addresses[0]) as client:
        started = time.monotonic()
        with pytest.raises(OSError, match=r"reset|pipe"):
            send_slowly(client, b"GET / HTTP/1.1\r\nHost: x\r\nX-Padding: " + b"x" * 200)
        assert time.monotonic() - started < 4 * DEADLINE_S + 1


def test_a_body_that_does_not_come_is_not_waited_for(start: Start) -> None:
    with connect(start().addresses[0]) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf")
        assert bytes_until_closed(client) < 1000, "the answer, and then the end"


def test_a_kept_connection_outlives_the_deadline_until_it_starts_a_request_and_stalls(start: Start) -> None:
    address = start().addresses[0]
    kept = http.client.HTTPConnection(address.host, address.port, timeout=SOON_S)
    kept.connect()
    client = kept.sock
    for _ in range(2):
        kept.request("GET", "/")
        assert kept.getresponse().read() == b"hello"
        time.sleep(2 * DEADLINE_S)
    client.sendall(b"GET /")
    assert bytes_until_closed(client) == 0
    kept.close()


def test_a_slow_answer_is_not_cut_by_the_deadline_for_requests(start: Start) -> None:
    assert get(start().addresses[0], "/slow") == b"hello"


def test_a_client_that_does_not_read_its_answer_is_dropped(start: Start) -> None:
    address = start().addresses[0]
    with connect(address) as client:
        client.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(3 * DEADLINE_S)
        assert get(address) == b"hello"
        assert bytes_until_closed(client) < LARGE_BYTES


def test_headers_without_end_are_refused(start: Start) -> None:
    with connect(start().addresses[0]) as client:
        client.sendall(b"GET / HTTP/1.1\r\nX-Padding: " + b"x" * 2 * MAX_HEADER_BYTES)
        assert client.recv(65_536).startswith(b"HTTP/1.1 400 ")


def test_a_bug_in_the_app_is_answered_with_500_and_does_not_end_the_server(start: Start) -> None:
    address = start().addresses[0]
    assert get(address, "/broken") == b"Internal Server Error"
    assert get(address) == b"hello"


def test_no_thread_is_begun_for_a_request(start: Start) -> None:
    """One that finds no memory when it begins would be waited for without end, by the whole server."""
    address = start().addresses[0]
    get(address)
    before = set(threading.enumerate())
    assert sum(thread.name.startswith("web_") for thread in before) >= WORKERS
    for _ in range(3 * WORKERS):
        assert get(address, "/in-a-thread") == b"hello"
    assert set(threading.enumerate()) - before == set()


def test_stopping_finishes_the_answer_under_way_and_frees_the_port(start: Start) -> None:
    server = start()
    address = server.addresses[0]
    answers: list[bytes] = []
    asking = threading.Thread(target=lambda: answers.append(get(address, "/slow")))
    asking.start()
    time.sleep(DEADLINE_S / 2)
    server.stop()
    asking.join(SOON_S)
    assert answers == [b"hello"]
    assert not server.alive
    server.stop()
    assert start(tuple(address)).addresses == (address,)


def test_a_server_that_is_to_end_does_not_wait_for_its_next_tick(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_server, "TICK_S", 60.0)
    server = start()
    assert get(server.addresses[0]) == b"hello"
    server.stop()
    assert not server.alive


def test_a_server_that_was_never_started_can_be_stopped() -> None:
    server = WebServer(hello, [("127.0.0.1", 0)], clock=SystemClock())
    assert not server.alive
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        connect(server.addresses[0])


def test_signals_stay_with_whoever_started_the_server(start: Start) -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    get(start().addresses[0])
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before
