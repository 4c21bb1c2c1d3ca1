"""What the agent does when its machine is at fault: killed, asked to end, without memory, descriptors or disk."""

import contextlib
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.cli.options import DATABASE
from agent.ledger import database as ledger_database
from agent.simulator.vcenter import SimulatedVCenter
from tests.agent.cli.invocation import ROOT, Running, environment
from tests.agent.ledger.ledger_file import at, event, opened, window
from tests.faults.quick_agent import agent_at_work
from tests.faults.served_agent import chain_of, served, simulated_vcenter, started, written_configuration

LEDGER_DOWN = r'checkmeter_ledger_up\{vcenter="dc1"\}'

KILLS = 4


@pytest.fixture(scope="module")
def vcenter() -> Iterator[SimulatedVCenter]:
    with simulated_vcenter() as simulated:
        yield simulated


@pytest.fixture
def config_file(vcenter: SimulatedVCenter, tmp_path: Path) -> Path:
    return written_configuration(vcenter, tmp_path)


@pytest.mark.fault("SIGKILL at random")
def test_an_agent_that_is_killed_leaves_a_whole_ledger_and_goes_on_with_it(
    config_file: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    state, chance = tmp_path / "state", random.Random(10)
    rows = []
    for _ in range(KILLS):
        with served(config_file, state) as agent:
            time.sleep(chance.uniform(0.0, 1.0))
            agent.running.process.send_signal(signal.SIGKILL)
            agent.running.collected()
        count, whole = chain_of(state)
        assert whole
        rows.append(count)
    assert rows == sorted(rows)
    assert rows[0] > 0
    request.node.user_properties.append(
        ("outcome", f"killed {KILLS} times, the chain of {rows[-1]} rows was whole each time")
    )


@pytest.mark.fault("memory limit reached")
def test_without_memory_the_agent_ends_or_lives_and_the_ledger_is_whole(
    config_file: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with served(config_file, tmp_path / "state") as agent:
        size_kb = int(Path(f"/proc/{agent.pid}/status").read_text().split("VmSize:")[1].split()[0])
        agent.limit(resource.RLIMIT_AS, size_kb * 1024 + 2_000_000)
        for _ in range(30):
            with contextlib.suppress(OSError, urllib.error.URLError):
                agent.get("/")
            if agent.running.process.poll() is not None:
                break
        code = agent.running.process.poll()
        if code is None:
            agent.limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)
            assert agent.get("/healthz") == "alive\n"
            assert agent.running.end(signal.SIGTERM) == 0
            outcome = "lived, and served again once there was memory"
        else:
            assert code != 0, "so that systemd starts it again"
            outcome = f"ended with {code}"
    assert chain_of(tmp_path / "state")[1]
    request.node.user_properties.append(("outcome", outcome))


def can_be_kept_out() -> tuple[str, ...]:
    """What to put before a command so that file permissions hold for it: root is let in everywhere otherwise."""
    return ("setpriv", "--bounding-set=-all", "--inh-caps=-all") if os.geteuid() == 0 else ()


@pytest.mark.fault("read-only disk")
def test_a_state_folder_that_cannot_be_written_costs_the_ledger_alone(config_file: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir(mode=0o500)
    listen = ("--web.listen-address", "127.0.0.1:0", "--storage.path", str(state))
    command = [*can_be_kept_out(), sys.executable, "-m", "agent", "serve", "--config.file", str(config_file), *listen]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(PYTHONUNBUFFERED="1"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        agent = Running(process)
        started.append(agent)
        try:
            agent.wait_for("unable to open database file")
            agent.wait_for("1 of 1 vCenters answer")
            assert agent.end(signal.SIGTERM) == 0
        finally:
            if process.poll() is None:
                process.kill()
    assert list(state.iterdir()) == []


@pytest.mark.fault("ledger locked by another process")
def test_a_locked_ledger_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_database, "_BUSY_MS", 300)
    with agent_at_work(tmp_path) as agent:
        agent.until(agent.ledger.exists, "there is a ledger")
        other = sqlite3.connect(agent.ledger, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        agent.happens_unseen()
        agent.until(lambda: agent.metric(LEDGER_DOWN) == 0.0, "the metrics say that the ledger is not written")
        assert agent.target.up
        other.execute("ROLLBACK")
        other.close()
        agent.recovers()
        agent.until(lambda: agent.metric(LEDGER_DOWN) == 1.0, "the metrics say that it is again")
        assert agent.chain_is_whole()


@pytest.mark.fault("ledger corrupt")
def test_a_corrupt_ledger_is_left_as_it_is_and_everything_else_is_served(config_file: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    file = state / DATABASE
    with opened(file) as (_, store, vcenter):
        store.record_events(vcenter, [event(key, key) for key in range(200)], [], window(0, 200), at(200))
    backup = tmp_path / "backup.db"
    shutil.copy(file, backup)
    with file.open("r+b") as damaging:
        damaging.seek(4096)
        damaging.write(random.Random(1).randbytes(3 * 4096))
    damaged = file.read_bytes()
    with served(config_file, state) as agent:
        agent.until('checkmeter_ledger_up{vcenter="dc1"} 0')
        assert "is damaged" in agent.running.output or "malformed" in agent.running.output
        assert agent.running.end() == 0
    assert file.read_bytes() == damaged
    for leftover in state.glob(f"{DATABASE}-*"):
        leftover.unlink()
    shutil.copy(backup, file)
    assert chain_of(state)[1]
