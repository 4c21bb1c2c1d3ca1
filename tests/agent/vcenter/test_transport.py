"""Every call has a deadline, every failure one clear line."""

import gzip
import socket
import threading
import time

import pytest

from agent.clock import SystemClock
from agent.errors import NotTrusted, Unreachable
from agent.vcenter.endpoint import Endpoint
from agent.vcenter.transport import Transport
from tests.agent.vcenter.tls_server import VERSIONS, TlsServer, answer


@pytest.fixture
def serve():
    servers = []

    def start(script=lambda connection, _: answer(connection), **options):
        servers.append(TlsServer(script, **options))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def transport_to():
    opened = []

    def start(port: int, **options: object) -> Transport:
        values = {"name": "dc1", "host": "127.0.0.1", "username": "u", "timeout_s": 5.0, **options}
        opened.append(Transport(Endpoint(port=port, **values), SystemClock()))
        return opened[-1]

    yield start
    for transport in opened:
        transport.close()


def fetch(transport: Transport) -> bytes:
    with transport.get("/sdk/vimServiceVersions.xml") as response:
        return b"".join(response.chunks)


def test_an_answer_is_read_and_the_connection_is_kept_for_the_next_call(serve, transport_to):
    server = serve()
    transport = transport_to(server.port, fingerprint=server.fingerprint)
    assert fetch(transport) == fetch(transport) == VERSIONS
    assert server.connections == 2  # one that fetched the certificate to pin, one that carried both requests


def test_a_gzipped_answer_is_inflated_and_counted_as_it_came_over_the_wire(serve, transport_to):
    body = gzip.compress(VERSIONS * 100)
    server = serve(lambda connection, _: answer(connection, body, extra="Content-Encoding: gzip\r\n"))
    transport = transport_to(server.port, fingerprint=server.fingerprint)
    assert fetch(transport) == VERSIONS * 100
    assert transport.traffic.statistics.bytes_received == len(body)


def test_a_gzipped_answer_is_handed_over_in_small_parts_however_well_it_was_compressed(serve, transport_to):
    body = b"<a/>" * 250_000
    server = serve(lambda connection, _: answer(connection, gzip.compress(body), extra="Content-Encoding: gzip\r\n"))
    with transport_to(server.port, fingerprint=server.fingerprint).get("/sdk/vimServiceVersions.xml") as answered:
        parts = list(answered.chunks)
    assert b"".join(parts) == body
    assert max(map(len, parts)) <= 65536


def test_a_ca_file_is_trusted_and_the_end_of_the_certificate_is_known(serve, tmp_path, transport_to):
    server = serve()
    transport = transport_to(server.port, ca_file=server.ca_file(tmp_path))
    assert fetch(transport) == VERSIONS
    assert transport.certificate_expires is not None


def test_a_certificate_of_an_unknown_ca_is_refused_before_anything_is_sent(serve, transport_to):
    server = serve()
    with pytest.raises(NotTrusted, match="not signed by a CA we know") as caught:
        fetch(transport_to(server.port))
    assert "tls.ca_file" in caught.value.cure
    assert server.requests == []


def test_a_wrong_pin_is_refused_every_time_and_names_both_fingerprints(serve, transport_to):
    server = serve()
    transport = transport_to(server.port, fingerprint="AA:" * 31 + "AA")
    for _ in range(3):
        with pytest.raises(NotTrusted, match=f"has SHA-256 {server.fingerprint}, pinned is aaaa"):
            fetch(transport)
    assert server.requests == []


def test_a_certificate_that_changes_under_a_pin_is_refused_on_the_next_connection(serve, transport_to):
    server = serve(lambda connection, _: answer(connection, extra="Connection: close\r\n"))
    transport = transport_to(server.port, fingerprint=server.fingerprint)
    assert fetch(transport) == VERSIONS
    server.use(server.ca.issue_cert("127.0.0.1"))
    for message in ("is not the pinned one any more", "pinned is"):
        with pytest.raises(NotTrusted, match=message):
            fetch(transport)
    assert len(server.requests) == 1


def test_an_expired_certificate_is_named_as_that(serve, tmp_path, transport_to):
    server = serve()
    server.use_expired()
    with pytest.raises(NotTrusted, match="has expired"):
        fetch(transport_to(server.port, ca_file=server.ca_file(tmp_path)))


def test_a_certificate_for_another_name_is_named_as_that(serve, tmp_path, transport_to):
    server = serve(names=("vcenter.example",))
    with pytest.raises(NotTrusted, match="is for another name"):
        fetch(transport_to(server.port, ca_file=server.ca_file(tmp_path)))


def test_a_ca_file_that_is_not_there_or_not_pem_is_named(serve, tmp_path, transport_to):
    server = serve()
    (tmp_path / "bad.pem").write_text("no certificate")
    for name in ("missing.pem", "bad.pem"):
        with pytest.raises(NotTrusted, match=f"{name} cannot be used"):
            fetch(transport_to(server.port, ca_file=tmp_path / name))


def test_a_server_that_accepts_and_says_nothing_costs_no_more_than_the_deadline(transport_to):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        transport = transport_to(silent.getsockname()[1], fingerprint="00" * 32, timeout_s=0.5)
        before = time.monotonic()
        with pytest.raises(Unreachable, match="within"):
            fetch(transport)
        assert time.monotonic() - before < 3


def test_a_body_that_drips_is_cut_at_the_deadline_of_the_whole_call(serve, transport_to):
    def drip(connection, _):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(100):
            connection.sendall(b"x")
            time.sleep(0.05)

    server = serve(drip)
    transport = transport_to(server.port, fingerprint=server.fingerprint, timeout_s=0.6)
    before = time.monotonic()
    with pytest.raises(Unreachable, match=r"no complete answer .* within 0.6 s"):
        fetch(transport)
    assert time.monotonic() - before < 3


def test_a_body_that_breaks_off_is_named_and_the_next_call_works(serve, transport_to):
    def half_then_whole(connection, _):
        if len(server.requests) == 1:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc")
            connection.close()
        else:
            answer(connection)

    server = serve(half_then_whole)
    transport = transport_to(server.port, fingerprint=server.fingerprint)
    with pytest.raises(Unreachable):
        assert len(fetch(transport)) == 1000
    assert fetch(transport) == VERSIONS


def test_an_idle_connection_that_the_server_closed_is_replaced_without_an_error(serve, transport_to):
    def answer_once(connection, _):
        answer(connection)
        connection.close()

    server = serve(answer_once)
    transport = transport_to(server.port, fingerprint=server.fingerprint)
    assert fetch(transport) == VERSIONS
    time.sleep(0.1)
    assert fetch(transport) == VERSIONS


def test_a_server_that_closes_every_connection_is_asked_once_per_call_and_named(serve, transport_to):
    server = serve(lambda connection, _: connection.close())
    with pytest.raises(Unreachable, match="broke off its answer"):
        fetch(transport_to(server.port, fingerprint=server.fingerprint))
    assert len(server.requests) == 1


def test_a_name_that_does_not_resolve_is_named_with_the_cure(transport_to):
    transport = transport_to(443, host="vcenter.invalid")
    with pytest.raises(Unreachable, match=r"the name vcenter\.invalid does not resolve") as caught:
        fetch(transport)
    assert "DNS" in caught.value.cure


def test_a_closed_port_is_named(transport_to):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unreachable, match="refuses the connection"):
        fetch(transport_to(port))


def test_a_port_that_does_not_speak_tls_is_named(transport_to):
    with socket.create_server(("127.0.0.1", 0)) as plain:

        def speak() -> None:
            connection, _ = plain.accept()
            connection.recv(100)
            connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
            connection.close()

        thread = threading.Thread(target=speak)
        thread.start()
        with pytest.raises(Unreachable, match="TLS handshake"):
            fetch(transport_to(plain.getsockname()[1]))
        thread.join(5)


def test_a_waiting_call_is_woken_by_an_interrupt_from_another_thread(serve, transport_to):
    server = serve(lambda _connection, _: time.sleep(3))
    transport = transport_to(server.port, fingerprint=server.fingerprint, timeout_s=60)
    timer = threading.Timer(0.3, transport.interrupt)
    timer.start()
    before = time.monotonic()
    with pytest.raises(Unreachable):
        fetch(transport)
    assert time.monotonic() - before < 5
    assert len(server.requests) == 1


def test_a_proxy_is_asked_to_connect_and_sees_nothing_but_tls(serve, transport_to):
    server = serve()
    seen: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy_thread = threading.Thread(target=_proxy, args=(listener, seen, server.port), daemon=True)
        proxy_thread.start()
        proxy = f"http://127.0.0.1:{listener.getsockname()[1]}"
        transport = transport_to(server.port, fingerprint=server.fingerprint, proxy=proxy)
        assert fetch(transport) == VERSIONS
        transport.close()
        proxy_thread.join(5)
    assert seen[0].startswith(f"CONNECT 127.0.0.1:{server.port} HTTP/1.".encode())
    assert not any(b"vimServiceVersions" in data for data in seen)


def _proxy(listener: socket.socket, seen: list[bytes], port: int) -> None:
    """Two connections: the one that fetches the certificate, and the one that carries the request."""
    for _ in range(2):
        client, _ = listener.accept()
        seen.append(client.recv(65536))
        upstream = socket.create_connection(("127.0.0.1", port))
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        threading.Thread(target=_relay, args=(client, upstream, seen), daemon=True).start()


def _relay(client: socket.socket, upstream: socket.socket, seen: list[bytes]) -> None:
    with client, upstream:
        back = threading.Thread(target=_pump, args=(upstream, client, seen), daemon=True)
        back.start()
        _pump(client, upstream, seen)
        back.join(5)


def _pump(source: socket.socket, target: socket.socket, seen: list[bytes]) -> None:
    try:
        while data := source.recv(65536):
            seen.append(data)
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return
