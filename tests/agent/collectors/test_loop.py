"""What a collector's failure is called: the world's, the machine's or ours."""

import logging

import pytest

from agent.clock import SystemClock
from agent.collectors.loop import RunLog, guarded
from agent.errors import AgentError, Unreachable


def failing(error: Exception) -> list[AgentError]:
    """What is said of it."""
    said: list[AgentError] = []

    def work() -> None:
        raise error

    guarded("dc1", work, said.append)
    return said


def counted(error: Exception) -> tuple[int, int, int]:
    """Runs, failures and bugs after one run."""
    runs = RunLog("inventory", 10.0, SystemClock())
    with pytest.raises(type(error)), runs.run():
        raise error
    return runs.status.runs, runs.status.failures, runs.status.bugs


STARVED = pytest.mark.parametrize("error", [MemoryError(), RuntimeError("can't start new thread")], ids=repr)


@STARVED
def test_want_of_memory_is_said_in_one_line_and_is_no_bug(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    (said,) = failing(error)
    assert said.problem == "dc1: the machine has no memory left for it"
    assert "MemoryMax=" in said.cure
    assert caplog.records == []
    assert counted(error) == (1, 1, 0)


@pytest.mark.parametrize("error", [ZeroDivisionError(), RuntimeError("cannot be")], ids=repr)
def test_anything_else_is_a_bug_with_its_traceback(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    (said,) = failing(error)
    assert said.problem == f"dc1: a bug in the agent ({type(error).__name__})"
    assert [(one.levelno, bool(one.exc_info)) for one in caplog.records] == [(logging.ERROR, True)]
    assert counted(error) == (1, 0, 1)


def test_what_the_world_did_is_handed_on(caplog: pytest.LogCaptureFixture) -> None:
    error = Unreachable("dc1: no answer")
    assert failing(error) == [error]
    assert caplog.records == []
    assert counted(error) == (1, 1, 0)
