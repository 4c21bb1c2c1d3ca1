"""What the agent does when the disk of its ledger is full: a file system of its own, which is filled up."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.quick_agent import QuickAgent, agent_at_work
from tests.tools import not_permitted

SIZE_MB = 16
LEDGER_UP = r'checkmeter_ledger_up\{vcenter="dc1"\}'


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder with a file system of its own in it, where the agent keeps its state."""
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    size = f"size={SIZE_MB}m,mode=0700"
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", state], capture_output=True, check=False)
    if made.returncode:
        not_permitted("no file system can be mounted here: only root may, and not in every container")
    try:
        yield tmp_path
    finally:
        subprocess.run(["umount", "--lazy", state], check=True)


def fill_up(file: Path) -> None:
    """Write until nothing more goes in."""
    with file.open("wb", buffering=0) as filling, contextlib.suppress(OSError):
        while True:
            filling.write(bytes(4096))


@pytest.mark.fault("disk full")
def test_a_full_disk_costs_what_is_new_in_the_ledger_until_there_is_room(
    small_disk: Path, request: pytest.FixtureRequest
) -> None:
    with agent_at_work(small_disk) as agent:
        agent.until(lambda: agent.metric(LEDGER_UP) == 1.0, "the ledger is written")
        filler = small_disk / "state" / "filler"
        fill_up(filler)
        agent.until(lambda: is_down_after_more(agent), "the metrics say that the ledger is not written")
        told = len(agent.told)
        assert os.statvfs(filler).f_bavail == 0
        problems = agent.target.ledger.problems.values()
        assert any("database or disk is full" in problem.problem for problem in problems)
        agent.until_read()
        assert "The ledger of dc1 is not kept" in agent.get("/")
        filler.unlink()
        agent.recovers()
        agent.until(lambda: agent.metric(LEDGER_UP) == 1.0, "the metrics say that it is again")
        assert agent.chain_is_whole()
    request.node.user_properties.append(
        ("outcome", f"a file system of {SIZE_MB} MB filled up; all {told} events of that time are in the ledger")
    )


def is_down_after_more(agent: QuickAgent) -> bool:
    """What was freed in the ledger's own files takes some more events."""
    agent.happens_unseen()
    return agent.metric(LEDGER_UP) == 0.0
