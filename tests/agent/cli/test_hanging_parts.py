"""Parts of the agent that really hang: systemd must hear of it by hearing nothing."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from agent.cli.agent_process import AgentProcess
from agent.cli.reading import Reading, was_read
from agent.cli.supervision import ROUND_MAY_TAKE_S, ROUNDS_THAT_MAY_TAKE_LONGER, Progress, Pulse
from agent.clock import SystemClock
from agent.config import Config, load
from tests.agent.cli.test_progress import SteppedClock

PARTS = ("ledger", "health", "facts", "addresses", "claims")
PATIENCE_S = 20.0


class ImpatientClock(SystemClock):
    """Every part makes a round at least five times a second."""

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        return super().wait(min(seconds, 0.2), stop)


@pytest.fixture
def config(config_file: Path) -> Config:
    """With a contract, so that claims are judged; no attempt to reach vCenter lasts longer than a second."""
    contract = config_file.parent / "contract"
    contract.mkdir()
    found = load(config_file, {})
    return found.model_copy(
        update={
            "claims": found.claims.model_copy(update={"folder": contract}),
            "vcenters": (found.vcenters[0].model_copy(update={"timeout": timedelta(seconds=1)}),),
        }
    )


def until(condition: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, f"waited {PATIENCE_S} s until {what}"
        time.sleep(0.02)


@pytest.fixture
def reading(config: Config, tmp_path: Path) -> Iterator[Reading]:
    """Everything was read once."""
    state = tmp_path / "state"
    state.mkdir()
    found = Reading(config, ImpatientClock(), state / "checkmeter.db")
    found.start()
    until(lambda: all(was_read(one) for one in found.world().targets.values()), "vCenter was read")
    yield found
    assert found.stop(PATIENCE_S) == ()


def stuck_at(progress: Progress, reading: Reading, clock: SteppedClock, seconds: float) -> set[str]:
    clock.seconds = seconds
    return set(progress.stuck(reading.markers()))


def test_every_thread_that_hangs_is_missed(reading: Reading) -> None:
    """All wait for one lock that nobody gives back: the world's, which each of them needs."""
    clock = SteppedClock()
    progress = Progress(clock=clock)
    with reading.slot._changed:
        until(lambda: not any(reading._pulses[part].resting for part in PARTS), "each began a round")
        assert stuck_at(progress, reading, clock, 0.0) == set()
        assert stuck_at(progress, reading, clock, ROUND_MAY_TAKE_S - 1.0) == set()
        assert stuck_at(progress, reading, clock, ROUND_MAY_TAKE_S + 1.0) >= set(PARTS) - {"claims"}
        assert stuck_at(progress, reading, clock, ROUNDS_THAT_MAY_TAKE_LONGER["claims"] + 1.0) >= set(PARTS)
        hung_at = {part: reading.markers()[part].value for part in PARTS}
    until(lambda: all(reading.markers()[part].value is not hung_at[part] for part in PARTS), "each went on")
    assert stuck_at(progress, reading, clock, clock.seconds + 1.0) & set(PARTS) == set()


def test_no_thread_is_left_unwatched(config: Config, tmp_path: Path) -> None:
    reading = Reading(config, SystemClock(), tmp_path / "checkmeter.db")
    watched = {*reading._pulses, "dc1", "dc1 events", "dc1 performance"}
    assert {thread.name for thread in reading.threads} - watched == {"rendering"}, "whose pages are counted"


@dataclass
class WaitingSupervisor:
    """Asks the agent to stop once it was told enough."""

    stop: threading.Event = field(default_factory=threading.Event)
    told: list[str] = field(default_factory=list)

    def tell(self, *assignments: str) -> None:
        self.told += assignments


def test_the_watchdog_is_not_fed_while_a_part_hangs(
    config: Config, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    supervisor = WaitingSupervisor()
    clock, rounds = SteppedClock(), iter(range(100))
    with AgentProcess(config, [("127.0.0.1", 0)], ImpatientClock(), tmp_path / "state") as agent:
        assert agent.wait_until_read(PATIENCE_S, supervisor.stop)
        agent._progress = Progress(clock=clock)
        agent._reading._pulses["health"] = hung = Pulse(SystemClock())  # as of a thread that does not come back

        def each_second() -> None:
            if next(rounds) == 1:
                assert "WATCHDOG=1" in supervisor.told
                supervisor.told.clear()
                clock.seconds += ROUND_MAY_TAKE_S + 1.0
            elif clock.seconds and len(caplog.records) and "no progress" in caplog.text:
                supervisor.stop.set()

        agent.supervise(supervisor.stop, supervisor, each_second)
    assert not hung.resting
    assert "WATCHDOG=1" not in supervisor.told
    (said,) = [one for one in caplog.records if one.message.startswith("no progress")]
    assert "health" in getattr(said, "parts", "")
