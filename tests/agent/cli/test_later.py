"""Parts that come after the first page."""

import threading
from dataclasses import replace

from agent.cli.later import Later
from agent.cli.rendering import Rendering
from agent.collectors.slot import WorldSlot
from agent.model.world import Target
from tests.agent.cli.test_progress import FAILED, SteppedClock, WrittenPage, world_of

PATIENCE_S = 10.0


class Worker:
    """Works until it is told to stop."""

    def __init__(self, began: threading.Event) -> None:
        self.began = began
        self.interrupted = False

    def run(self, stop: threading.Event) -> None:
        self.began.set()
        stop.wait(PATIENCE_S)

    def interrupt(self) -> None:
        self.interrupted = True


def started(part: Later, stop: threading.Event) -> threading.Thread:
    thread = threading.Thread(target=part.run, args=(stop,), daemon=True)
    thread.start()
    return thread


def test_a_part_is_made_once_the_first_page_is_there_and_interrupted_only_then() -> None:
    began, first_page, stop = threading.Event(), threading.Event(), threading.Event()
    made: list[Worker] = []

    def make() -> Worker:
        made.append(Worker(began))
        return made[-1]

    part = Later(make, first_page)
    thread = started(part, stop)
    part.interrupt()
    assert made == []
    first_page.set()
    assert began.wait(PATIENCE_S)
    part.interrupt()
    assert [one.interrupted for one in made] == [True]
    stop.set()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()


def test_a_part_that_is_stopped_before_the_first_page_is_never_made() -> None:
    first_page, stop = threading.Event(), threading.Event()
    made: list[Worker] = []

    def make() -> Worker:
        made.append(Worker(threading.Event()))
        return made[-1]

    thread = started(Later(make, first_page), stop)
    stop.set()
    first_page.set()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    assert made == []


def test_the_first_page_is_the_one_of_the_moment_when_every_vcenter_was_tried() -> None:
    slot = WorldSlot(world_of(Target(name="dc1", address="vc")))
    there: list[bool] = []

    class Watched(SteppedClock):
        def wait(self, seconds: float, stop: threading.Event) -> bool:
            there.append(rendering.first_page.is_set())
            problem = FAILED if len(there) == 2 else None
            slot.update("dc1", lambda target: replace(target, up=not target.up, problem=problem or target.problem))
            super().wait(10.0 + seconds, stop)
            return len(there) == 4

    rendering = Rendering(slot, Watched(), WrittenPage)
    rendering.run(threading.Event())
    assert there == [False, False, True, True]


def test_nobody_waits_for_a_page_of_a_rendering_that_has_ended() -> None:
    rendering = Rendering(WorldSlot(world_of(Target(name="dc1", address="vc"))), SteppedClock(), WrittenPage)
    stop = threading.Event()
    stop.set()
    rendering.run(stop)
    assert rendering.first_page.is_set()
