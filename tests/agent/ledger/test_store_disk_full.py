"""A disk that is full costs nothing that was written, and what was not is taken again."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from agent.ledger.chain import verify
from tests.agent.ledger.ledger_file import opened, rows

ROOT = Path(__file__).parents[3]
LIMIT_S = 60


def test_what_was_committed_before_the_disk_was_full_stays_and_writing_goes_on_afterwards(tmp_path):
    file = tmp_path / "checkmeter.db"
    done = subprocess.run(
        [sys.executable, "-m", "tests.agent.ledger.filling_child", str(file), "3000000"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=True,
    )
    committed, cure = done.stdout.splitlines()
    assert int(committed) > 50
    assert "disk" in cure
    with opened(file) as (database, _, _vcenter):
        assert rows(database, "SELECT count(*), max(key) FROM events") == [(int(committed) + 1, int(committed))]
        with database.reading() as connection:
            assert verify(connection).found is None


def test_an_agent_that_is_killed_while_it_writes_leaves_a_whole_chain(tmp_path):
    file = tmp_path / "checkmeter.db"
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.agent.ledger.filling_child", str(file), "100000000"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    end = time.monotonic() + LIMIT_S
    wal = file.with_name(file.name + "-wal")
    while not wal.exists() or wal.stat().st_size < 2_000_000:
        assert time.monotonic() < end
        assert child.poll() is None
        time.sleep(0.05)
    child.send_signal(signal.SIGKILL)
    child.wait(LIMIT_S)
    with opened(file) as (database, _, _vcenter):
        ((count, last),) = rows(database, "SELECT count(*), max(key) FROM events")
        assert count == last + 1 > 10
        with database.reading() as connection:
            assert verify(connection).found is None
