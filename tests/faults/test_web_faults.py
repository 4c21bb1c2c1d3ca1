"""What the agent does when its clients are at fault: one real agent that goes through all of it."""

import contextlib
import random
import resource
import signal
import socket
import threading
import time
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.simulator.vcenter import SimulatedVCenter
from tests.agent.cli.invocation import LIMIT_S
from tests.exporters.web.malformed import MALFORMED, mutation
from tests.faults.served_agent import Served, chain_of, served, simulated_vcenter, written_configuration

IDLE = 10_000
UP = 'checkmeter_vcenter_up{vcenter="dc1"} 1'
PATHS = (
    "/metrics?x=1",
    "/?vm=a&sort=name",
    "/report/2026-10/report-da.html",
    "/metrics/vmware_exporter?target=x",
    "/sd/vms?tag=a",
    "/inventory.json",
    "/static/page.css",
)
SOUND = tuple(
    f"GET {path} HTTP/1.1\r\nHost: meter\r\nAccept-Encoding: gzip\r\nAuthorization: Basic eDp5\r\n\r\n".encode()
    for path in PATHS
)


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, SimulatedVCenter]]:
    folder = tmp_path_factory.mktemp("web")
    with simulated_vcenter() as vcenter, served(written_configuration(vcenter, folder), folder / "state") as at_work:
        yield at_work, vcenter


@contextlib.contextmanager
def many_descriptors() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@contextlib.contextmanager
def idle_clients(agent: Served, count: int) -> Iterator[int]:
    """As many as this process may have, each of which says nothing; gives how many there are."""
    connected = 0
    with many_descriptors(), contextlib.ExitStack() as opened:
        for _ in range(min(count, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 200)):
            with contextlib.suppress(OSError):
                opened.enter_context(agent.connect())
                connected += 1
        yield connected


@pytest.mark.fault("10,000 idle web clients")
def test_ten_thousand_idle_clients_keep_nobody_out(
    agent: tuple[Served, SimulatedVCenter], request: pytest.FixtureRequest
) -> None:
    at_work, _ = agent
    with idle_clients(at_work, IDLE) as connected:
        began = time.monotonic()
        for _ in range(5):
            assert UP in at_work.get()
        took = (time.monotonic() - began) / 5
    assert took < 2
    request.node.user_properties.append(("outcome", f"{connected:,} connected, a scrape took {took * 1000:.0f} ms"))


@pytest.mark.fault("malformed HTTP (a fuzzer)")
def test_malformed_requests_are_refused_and_nothing_else(
    agent: tuple[Served, SimulatedVCenter], request: pytest.FixtureRequest
) -> None:
    at_work, _ = agent
    chance = random.Random(4)
    mutated = [mutation(chance.choice(SOUND), chance) for _ in range(400)]
    for sent in (*MALFORMED, *mutated):
        status = answered(at_work, sent)
        assert status is None or 200 <= status < 500, (sent[:200], status)
    assert UP in at_work.get()
    request.node.user_properties.append(("outcome", f"{len(MALFORMED) + len(mutated)} requests, no answer of 5xx"))


def answered(agent: Served, sent: bytes) -> int | None:
    """The status of the answer; None if there is none."""
    with agent.connect() as client, contextlib.suppress(OSError):
        client.sendall(sent)
        client.shutdown(socket.SHUT_WR)
        client.settimeout(0.5)
        head = client.recv(100)
        return int(head.split()[1]) if head.startswith(b"HTTP/1.") else None
    return None


@pytest.mark.fault("limit of file descriptors reached")
def test_without_descriptors_the_agent_goes_on_and_is_itself_again_afterwards(
    agent: tuple[Served, SimulatedVCenter],
) -> None:
    at_work, vcenter = agent
    used = len(list(Path(f"/proc/{at_work.pid}/fd").iterdir()))
    at_work.limit(resource.RLIMIT_NOFILE, used + 5)
    with idle_clients(at_work, 60):
        vcenter.faults.kill_sessions()
        time.sleep(1.5)
        assert at_work.running.process.poll() is None
    assert at_work.running.output.count("no new client is let in") == 1, "in one line, however many try"
    at_work.limit(resource.RLIMIT_NOFILE, 1024)
    at_work.until(UP)
    assert at_work.get("/healthz") == "alive\n"


@pytest.mark.fault("SIGTERM under load")
def test_an_agent_under_load_ends_in_good_order(agent: tuple[Served, SimulatedVCenter]) -> None:
    """The last of this file: the agent ends."""
    ended = threading.Event()
    at_work, vcenter = agent
    with contextlib.ExitStack() as clients:
        asked: list[bool] = []

        def ask() -> None:
            while not ended.is_set():
                try:
                    asked.append(len(at_work.get()) > 1000)
                except (OSError, urllib.error.URLError):
                    return

        for _ in range(8):
            thread = threading.Thread(target=ask)
            thread.start()
            clients.callback(thread.join, LIMIT_S)
        clients.callback(ended.set)
        time.sleep(0.3)
        began = time.monotonic()
        assert at_work.running.end(signal.SIGTERM) == 0
        assert time.monotonic() - began < 15
    assert all(asked)
    assert len(vcenter.sessions) == 0
    assert chain_of(at_work.state)[1]
