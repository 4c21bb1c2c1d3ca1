"""The image, as far as can be said without building it, and the probe that it carries."""

import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from agent.cli.serve import serve
from agent.config.web import WebConfig
from exporters.web_protection import Protection, protection
from tests.exporters.web.protected_site import USERS, Certificates, ProtectedSite

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "systemd/package"
PROBE = FOLDER / "container_health"
STAGES = re.split(r"^(?=FROM )", (FOLDER / "Containerfile").read_text(), flags=re.MULTILINE)
LAST = STAGES[-1]


def probe(port: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/usr/bin/env", "python3", "-IS", PROBE, "127.0.0.1", str(port)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    made = Certificates(folder=tmp_path)
    made.serve()
    return made


@pytest.fixture(params=["open", "TLS and login", "a client's certificate", "a client's certificate, TLS 1.2"])
def protected(request: pytest.FixtureRequest, certificates: Certificates) -> Protection:
    asking = ("client_ca_file: ca.pem", "client_auth_type: RequireAndVerifyClientCert")
    match request.param:
        case "open":
            return protection(WebConfig())
        case "TLS and login":
            return certificates.protection(rest=USERS)
        case "a client's certificate":
            return certificates.protection(*(f"  {line}" for line in asking))
        case _:
            return certificates.protection(*(f"  {line}" for line in (*asking, "max_version: TLS12")))


@pytest.fixture
def site(protected: Protection) -> Iterator[ProtectedSite]:
    there = ProtectedSite(protected)
    yield there
    there.server.stop()


def test_the_probe_finds_the_agent_alive_however_it_is_protected(site: ProtectedSite) -> None:
    done = probe(site.server.addresses[0].port)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_probe_finds_out_that_nobody_listens() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        done = probe(port)
    assert (done.returncode, done.stderr) == (1, f"127.0.0.1:{port} does not answer /healthz\n")


def test_the_probe_finds_out_that_somebody_listens_and_never_answers() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        assert probe(deaf.getsockname()[1]).returncode == 1


def test_the_probe_finds_out_that_the_answer_is_an_error() -> None:
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as erring:
        thread = threading.Thread(target=erring.handle_request)
        thread.start()
        done = probe(erring.server_port)
        thread.join()
    assert (done.returncode, done.stderr) == (1, f"127.0.0.1:{erring.server_port} answers /healthz with 501\n")


def test_the_image_does_not_run_as_root_and_says_so_by_number() -> None:
    (user,) = re.findall(r"^USER (.+)$", LAST, re.MULTILINE)
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", user)
    assert f"--uid {user.partition(':')[0]} " in LAST


def test_what_builds_is_not_in_the_image() -> None:
    assert len(STAGES) == 4, "the argument, Python, what builds, and the image"
    assert re.search(r"\bpip\b", STAGES[2])
    assert not re.search(r"\b(?:pip|apt-get|curl)\b", LAST)


def test_what_is_installed_is_held_against_its_hash() -> None:
    assert all("--require-hashes" in line for line in re.findall(r"pip install(?:.*\\\n)*.*", STAGES[2]))


def test_every_file_that_the_image_takes_from_the_clone_is_in_it() -> None:
    taken = re.findall(r"^COPY (?:--chmod=\d+ )?([\w./-]+) ", "".join(STAGES), re.MULTILINE)
    assert {"requirements.lock", "agent", "systemd/package/checkmeter"} <= set(taken)
    assert [path for path in taken if not (ROOT / path).exists()] == []


def test_the_image_starts_with_options_that_the_command_knows() -> None:
    (words,) = re.findall(r"^CMD (\[.*\])$", LAST, re.MULTILINE)
    command, *options = re.findall(r'"([^"]+)"', words)
    known = {option for parameter in serve.params for option in parameter.opts}
    assert command == "serve"
    assert [option for option in options if option.partition("=")[0] not in known] == []
