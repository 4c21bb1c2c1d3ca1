"""Parts of the agent that really hang: systemd must hear of it by hearing nothing."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from agent.cli.agent_process import AgentProcess
from agent.cli.reading import Reading, was_read
from agent.cli.supervision import CLAIMS_MAY_TAKE_S, ROUND_MAY_TAKE_S, Marker, Progress, Pulse
from agent.clock import SystemClock
from agent.config import Config, load
from agent.simulator.vcenter import SimulatedVCenter
from tests.agent.cli.test_progress import SteppedClock

PARTS = ("ledger", "health", "facts", "addresses", "claims")
BORROWERS = ("dc1 events", "dc1 performance")
ALL = (*PARTS, *BORROWERS)
THE_SESSIONS_THREAD = ("dc1 inventory", "dc1 quick", "dc1 slow")
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


def moved_since(reading: Reading, before: Mapping[str, Marker]) -> bool:
    """Whether each part came to the end of a round."""
    now = reading.markers()
    return all(now[part].value is not before[part].value for part in ALL)


def test_every_thread_that_hangs_is_missed(reading: Reading) -> None:
    """All wait for one lock that nobody gives back: the world's, which each of them needs."""
    clock = SteppedClock()
    progress = Progress(clock=clock)
    with reading.slot._changed:
        until(lambda: not any(reading.markers()[part].waits for part in ALL), "each began a round")
        hung = reading.markers()
        assert stuck_at(progress, reading, clock, 0.0) == set()
        assert stuck_at(progress, reading, clock, ROUND_MAY_TAKE_S - 1.0) == set()
        assert stuck_at(progress, reading, clock, ROUND_MAY_TAKE_S + 1.0) == {*PARTS, *THE_SESSIONS_THREAD} - {"claims"}
        assert stuck_at(progress, reading, clock, CLAIMS_MAY_TAKE_S + 1.0) == {*ALL, *THE_SESSIONS_THREAD}
    until(lambda: moved_since(reading, hung), "each went on")
    assert stuck_at(progress, reading, clock, clock.seconds + 1.0) & set(ALL) == set()


def test_parts_that_fail_for_ever_are_not_taken_for_hanging(config: Config, tmp_path: Path) -> None:
    """There is no ledger, and never will be: metrics are served all the same, and nothing is restarted."""
    (tmp_path / "checkmeter.db").mkdir()
    reading = Reading(config, ImpatientClock(), tmp_path / "checkmeter.db")
    clock = SteppedClock()
    progress = Progress(clock=clock)
    reading.start()
    try:
        until(lambda: all(was_read(one) for one in reading.world().targets.values()), "vCenter was read")
        for day in range(3):
            before = reading.markers()
            assert stuck_at(progress, reading, clock, day * 86_400.0) & set(ALL) == set()
            until(lambda before=before: moved_since(reading, before), "each failed once more")
    finally:
        assert reading.stop(PATIENCE_S) == ()


def test_those_that_borrow_a_session_wait_for_a_vcenter_that_is_away(
    config: Config, tmp_path: Path, vcenter: SimulatedVCenter
) -> None:
    vcenter.stop()
    reading = Reading(config, ImpatientClock(), tmp_path / "checkmeter.db")
    reading.start()
    try:
        until(lambda: all(reading.markers()[one].waits for one in BORROWERS), "they wait")
        until(lambda: reading.world().targets["dc1"].problem is not None, "it is tried")
        before = reading.markers()["dc1"]
        until(lambda: reading.markers()["dc1"].value is not before.value, "it is tried again")
    finally:
        assert reading.stop(PATIENCE_S) == ()


def test_no_thread_is_left_unwatched(config: Config, tmp_path: Path) -> None:
    labels = config.labels.model_copy(update={"tags": ("Tier",)})
    reading = Reading(config.model_copy(update={"labels": labels}), SystemClock(), tmp_path / "checkmeter.db")
    threads = {thread.name for thread in reading.threads}
    assert threads - reading.markers().keys() == {"rendering"}, "whose pages are counted"
    assert "dc1 tags" in threads


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
