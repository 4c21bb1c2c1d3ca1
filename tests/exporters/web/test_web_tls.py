"""TLS: versions, client certificates, silent clients, another certificate without a restart."""

import contextlib
import logging
import random
import socket
import ssl
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.errors import ConfigError
from exporters.web_protection import Protection
from tests.exporters.web.malformed import MALFORMED, mutation
from tests.exporters.web.protected_site import PASSWORD, SOON_S, USERS, Certificates, ProtectedSite, basic

Start = Callable[[Protection], ProtectedSite]
CLIENT_CA = ("  client_auth_type: RequireAndVerifyClientCert", "  client_ca_file: ca.pem")
REFUSED = (ssl.SSLError, ConnectionError)
"""What a client sees: with TLS 1.3 it may write before it hears of the refusal."""


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[ProtectedSite] = []

    def start_one(found: Protection) -> ProtectedSite:
        started.append(ProtectedSite(found))
        return started[-1]

    yield start_one
    for site in started:
        site.server.stop()


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    made = Certificates(folder=tmp_path)
    made.serve()
    return made


def test_pages_are_served_over_tls_to_who_logs_in(start: Start, certificates: Certificates) -> None:
    site = start(certificates.protection(rest=USERS))
    assert not site.found.open_to_all
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        client = certificates.client(version=version)
        assert site.ask("/", basic("prometheus", PASSWORD), client).status == 200
        assert site.ask("/", {}, client).status == 401


def test_an_old_version_of_tls_and_plain_text_get_no_answer(start: Start, certificates: Certificates) -> None:
    site = start(certificates.protection("  min_version: TLS13"))
    with pytest.raises(REFUSED):
        site.ask("/", {}, certificates.client(version=ssl.TLSVersion.TLSv1_2))
    with pytest.raises((ConnectionError, OSError)):
        site.ask("/")
    assert site.ask("/", {}, certificates.client()).status == 200


def test_a_cipher_suite_in_the_spelling_of_go_is_the_only_one_taken(start: Start, certificates: Certificates) -> None:
    suite = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
    site = start(certificates.protection(f"  cipher_suites: [{suite}]", "  max_version: TLS12"))
    context = certificates.client()
    with (
        socket.create_connection(site.server.addresses[0], timeout=SOON_S) as raw,
        context.wrap_socket(raw, server_hostname="127.0.0.1") as secured,
    ):
        assert (secured.cipher() or ("",))[0] == "ECDHE-ECDSA-CHACHA20-POLY1305"


def test_only_a_client_with_a_certificate_of_the_ca_gets_in(start: Start, certificates: Certificates) -> None:
    site = start(certificates.protection(*CLIENT_CA))
    assert not site.found.open_to_all
    assert site.ask("/", {}, certificates.client("prometheus.example.dk")).status == 200
    with pytest.raises(REFUSED):
        site.ask("/", {}, certificates.client())


def test_of_the_clients_of_the_ca_those_with_an_allowed_name_get_in(start: Start, certificates: Certificates) -> None:
    site = start(certificates.protection(*CLIENT_CA, "  client_allowed_sans: [prometheus.example.dk]"))
    assert site.ask("/", {}, certificates.client("prometheus.example.dk")).status == 200
    with pytest.raises((ConnectionError, OSError)):
        site.ask("/", {}, certificates.client("grafana.example.dk"))


def test_another_certificate_is_shown_without_a_restart_and_old_connections_end(
    start: Start, certificates: Certificates, tmp_path: Path
) -> None:
    site = start(certificates.protection())
    kept = site.connection(certificates.client())
    kept.request("GET", "/")
    assert kept.getresponse().read() == b"hello"
    other = Certificates(folder=tmp_path)
    other.serve()
    site.found = other.protection()
    site.server.protection_changed()
    assert kept.sock.recv(1) == b"", "the old connection has ended"
    kept.close()
    assert site.ask("/", {}, other.client()).status == 200


def test_clients_that_never_finish_the_handshake_are_dropped_and_hold_up_nobody(
    start: Start, certificates: Certificates
) -> None:
    site = start(certificates.protection())
    with contextlib.ExitStack() as opened:
        silent = [
            opened.enter_context(socket.create_connection(site.server.addresses[0], timeout=SOON_S)) for _ in range(30)
        ]
        for client in silent[::2]:
            client.sendall(b"\x16\x03\x01\x02")
        assert site.ask("/", {}, certificates.client()).status == 200
        for client in silent:
            with contextlib.suppress(ConnectionResetError):
                assert client.recv(10) == b""


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "server.key").chmod(0o604), "others may access the key (mode 0604); chmod 640"),
        (lambda folder: (folder / "server.key").unlink(), "server.key: No such file or directory"),
        (lambda folder: (folder / "server.crt").unlink(), "server.crt: No such file or directory"),
        (lambda folder: (folder / "server.crt").write_text("x"), "not a certificate and its own key in PEM form"),
        (lambda folder: (folder / "ca.pem").write_text("x"), "ca.pem: holds no certificate in PEM form"),
        (lambda folder: (folder / "ca.pem").unlink(), "ca.pem: No such file or directory"),
    ],
)
def test_a_file_of_tls_that_cannot_be_used_is_named(
    certificates: Certificates, tmp_path: Path, spoil: Callable[[Path], object], said: str
) -> None:
    spoil(tmp_path)
    with pytest.raises(ConfigError) as caught:
        certificates.protection(*CLIENT_CA)
    assert said in str(caught.value)
    assert "PRIVATE" not in str(caught.value)


def test_the_key_of_another_certificate_is_refused(certificates: Certificates, tmp_path: Path) -> None:
    chain = (tmp_path / "server.crt").read_bytes()
    certificates.serve()
    (tmp_path / "server.crt").write_bytes(chain)
    with pytest.raises(ConfigError, match="not a certificate and its own key"):
        certificates.protection()


def test_nonsense_instead_of_tls_and_within_it_is_dropped_without_a_word(
    start: Start, certificates: Certificates, caplog: pytest.LogCaptureFixture
) -> None:
    site, client, chance = start(certificates.protection()), certificates.client(), random.Random(3)
    address, hello = site.server.addresses[0], client_hello(client)
    for turn in range(60):
        with contextlib.suppress(OSError), socket.create_connection(address, timeout=SOON_S) as raw:
            match turn % 4:
                case 0:
                    raw.sendall(mutation(hello, chance))
                case 1:
                    raw.sendall(hello[: chance.randrange(len(hello))])
                    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # ends with a reset
                case 2:
                    raw.sendall(chance.choice(MALFORMED))
                case _:
                    with client.wrap_socket(raw, server_hostname="127.0.0.1") as secured:
                        secured.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
                        socket.socket.send(secured, b"\x17\x03\x03\x00\x05abcde")  # no record that the keys fit
                        secured.settimeout(0.1)
                        secured.recv(100)
    assert site.ask("/", {}, client).status == 200
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING] == []


def client_hello(client: ssl.SSLContext) -> bytes:
    """The first bytes of a handshake."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        client.wrap_bio(incoming, outgoing, server_hostname="127.0.0.1").do_handshake()
    return outgoing.read()
