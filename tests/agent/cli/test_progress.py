"""Rendering when the world changes, and telling progress from standstill."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from agent.cli.rendering import PAUSE_PER_RENDERING, PAUSE_S, UNASKED_PAUSE_S, UNFINISHED_PAUSE_S, Rendering
from agent.cli.supervision import (
    CLAIMS_MAY_TAKE_S,
    ROUND_MAY_TAKE_S,
    STUCK_AFTER_S,
    Progress,
    Pulse,
    markers,
    status_line,
)
from agent.collectors.slot import WorldSlot
from agent.model.about import About
from agent.model.guest_address import GuestAddress
from agent.model.inventory import Inventory
from agent.model.world import CollectorStatus, Problem, Target, World

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
PATIENCE_S = 10.0
FAILED = Problem(kind="unreachable", problem="dc1: no answer", cure="wait", since=START)
NOTHING_SEEN = Inventory(about=About(), root_folder="group-d1", confirmed_at=START)


@dataclass
class SteppedClock:
    """Time that passes only by waiting, and waiting that takes no time. `stop_after` waits it asks to stop."""

    seconds: float = 0.0
    stop_after: int = 3
    waits: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        self.waits.append(seconds)
        self.seconds += seconds
        return len(self.waits) > self.stop_after or stop.is_set()


@dataclass(frozen=True)
class WrittenPage:
    """What was rendered, of which world."""

    world: World
    at: datetime

    def body(self, accept: str, accept_encoding: str) -> tuple[Mapping[str, str], bytes]:
        return {"Accept": accept + accept_encoding}, str(self.world).encode()


def world_of(*targets: Target) -> World:
    return World(version="1", started_at=START, targets={target.name: target for target in targets})


def changed(slot: WorldSlot) -> None:
    slot.update("dc1", lambda target: replace(target, up=not target.up))


def test_there_is_a_page_before_anything_was_read() -> None:
    rendering = Rendering(WorldSlot(world_of(Target(name="dc1", address="vc"))), SteppedClock(), WrittenPage)
    assert isinstance(page := rendering.page(), WrittenPage)
    assert (page.at, rendering.count) == (START, 0)


def test_a_changed_world_is_rendered_and_the_page_replaced() -> None:
    slot = WorldSlot(world_of(Target(name="dc1", address="vc", problem=FAILED)))
    rendering = Rendering(slot, SteppedClock(stop_after=1), WrittenPage)
    changed(slot)
    rendering.run(threading.Event())
    page = rendering.page()
    assert isinstance(page, WrittenPage)
    assert page.world is slot.read()[1]
    assert (rendering.count, rendering.revision) == (1, slot.read()[0])


def test_nobody_waits_for_the_first_complete_page_and_pieces_of_it_are_shown_now_and_then() -> None:
    slot, rendered_at = WorldSlot(world_of(Target(name="dc1", address="vc"))), list[float]()

    def render(world: World, now: datetime) -> WrittenPage:
        rendered_at.append(clock.seconds)
        return WrittenPage(world, now)

    class Reading(SteppedClock):
        """Something is read each second; after twelve it is known how things stand."""

        def wait(self, seconds: float, stop: threading.Event) -> bool:
            super().wait(seconds + 1.0, stop)
            changed(slot)
            if self.seconds == 12.0:
                slot.update("dc1", lambda target: replace(target, problem=FAILED))
            return self.seconds > 12.0

    clock = Reading()
    Rendering(slot, clock, render).run(threading.Event())
    assert rendered_at == [0.0, UNFINISHED_PAUSE_S, 2 * UNFINISHED_PAUSE_S, 12.0]


def test_a_slow_rendering_is_followed_by_a_longer_pause() -> None:
    slot, clock = WorldSlot(world_of(Target(name="dc1", address="vc", problem=FAILED))), SteppedClock(stop_after=3)
    took = iter([0.0, 0.0, 2.0])

    def render(world: World, now: datetime) -> WrittenPage:
        clock.seconds += next(took)
        changed(slot)
        if clock.seconds:
            rendering.page()
        return WrittenPage(world, now)

    rendering = Rendering(slot, clock, render)
    clock.stop_after = 2
    clock.seconds = 1.0
    rendering.run(threading.Event())
    assert clock.waits == [0.0, PAUSE_S, PAUSE_PER_RENDERING * 2.0]


def test_a_page_that_nobody_takes_is_rendered_more_rarely() -> None:
    slot = WorldSlot(world_of(Target(name="dc1", address="vc", problem=FAILED)))
    clock, rendered_at, taken_at = SteppedClock(stop_after=40), list[float](), 2 * UNASKED_PAUSE_S

    def render(world: World, now: datetime) -> WrittenPage:
        rendered_at.append(clock.seconds)
        changed(slot)
        if clock.seconds == taken_at:
            rendering.page()
        return WrittenPage(world, now)

    rendering = Rendering(slot, clock, render)
    rendered_at.clear()
    rendering.run(threading.Event())
    soon = taken_at + PAUSE_S
    assert rendered_at[:5] == [0.0, UNASKED_PAUSE_S, taken_at, soon, soon + UNASKED_PAUSE_S]


def test_rendering_ends_when_it_is_asked_to() -> None:
    rendering = Rendering(WorldSlot(world_of(Target(name="dc1", address="vc"))), SteppedClock(), WrittenPage)
    stop = threading.Event()
    stop.set()
    thread = threading.Thread(target=rendering.run, args=(stop,), daemon=True)
    thread.start()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    assert rendering.count == 0


def connected(name: str, **collectors: float) -> Target:
    """A target that answers, with collectors by name and interval."""
    status = {collector: CollectorStatus(interval_s=interval) for collector, interval in collectors.items()}
    return Target(name=name, address=name, up=True, collectors=status)


def failed(target: Target, times: int) -> Target:
    """Each attempt ends in a Problem of its own, though it says the same."""
    said = Problem(kind="unreachable", problem=f"{target.name}: no answer", cure="wait", since=START)
    return replace(target, up=False, problem=said, clock_offset_s=float(times))


def ran(target: Target, collector: str) -> Target:
    status = replace(target.collectors[collector], runs=target.collectors[collector].runs + 1)
    return replace(target, collectors={**target.collectors, collector: status})


def stuck(progress: Progress, *targets: Target) -> tuple[str, ...]:
    return progress.stuck(markers(world_of(*targets)))


def test_a_target_of_which_nothing_is_heard_for_long_is_stuck() -> None:
    clock, quiet, busy = SteppedClock(), Target(name="dc1", address="a"), Target(name="dc2", address="b")
    progress = Progress(clock=clock)
    assert stuck(progress, quiet, busy) == ()
    clock.seconds = STUCK_AFTER_S
    assert stuck(progress, quiet, failed(busy, 1)) == ()
    clock.seconds = STUCK_AFTER_S + 1
    assert stuck(progress, quiet, failed(busy, 2)) == ("dc1",)


def test_what_others_say_of_a_target_does_not_hide_that_nobody_tries_to_reach_it() -> None:
    clock, target = SteppedClock(), failed(Target(name="dc1", address="a"), 1)
    progress = Progress(clock=clock)
    assert stuck(progress, target) == ()
    clock.seconds = STUCK_AFTER_S + 1
    assert stuck(progress, replace(target, addresses={"vm": GuestAddress()})) == ("dc1",)


def test_one_collector_that_hangs_is_found_though_the_others_of_its_target_go_on() -> None:
    clock, target = SteppedClock(), connected("dc1", inventory=30.0, quick=60.0, slow=3600.0)
    progress = Progress(clock=clock)
    assert stuck(progress, target) == ()
    clock.seconds = STUCK_AFTER_S + 1
    target = ran(target, "inventory")
    assert stuck(progress, target) == ("dc1 quick",), "one that has an hour is not missed yet"
    target = ran(target, "quick")
    assert stuck(progress, target) == ()


def test_collectors_that_wait_for_a_vcenter_that_is_away_are_not_stuck() -> None:
    clock, target = SteppedClock(), connected("dc1", inventory=30.0, quick=60.0)
    progress = Progress(clock=clock)
    assert stuck(progress, target) == ()
    for failure in range(3):
        clock.seconds += STUCK_AFTER_S
        assert stuck(progress, failed(target, failure)) == ()


def test_a_target_that_waits_for_a_new_password_is_not_stuck() -> None:
    clock, blocked = SteppedClock(), Target(name="dc1", address="a", login_blocked=True)
    progress = Progress(clock=clock)
    for _ in range(3):
        assert stuck(progress, blocked) == ()
        clock.seconds += 2 * STUCK_AFTER_S


def test_a_target_that_fails_again_and_again_is_not_stuck() -> None:
    clock = SteppedClock()
    progress = Progress(clock=clock)
    for since in range(3):
        assert stuck(progress, failed(Target(name="dc1", address="a"), since)) == ()
        clock.seconds += STUCK_AFTER_S


def test_a_part_that_does_not_come_back_from_its_round_is_stuck_and_a_slow_one_is_not() -> None:
    clock = SteppedClock()
    pulse, progress = Pulse(clock), Progress(clock=clock)

    def is_stuck() -> bool:
        return progress.stuck({"ledger": pulse.marker()}) != ()

    pulse.wait(1.0, threading.Event())
    assert not is_stuck()
    clock.seconds += ROUND_MAY_TAKE_S - 1.0
    assert not is_stuck(), "a slow round"
    pulse.wait(1.0, threading.Event())
    assert not is_stuck(), "it has ended"
    clock.seconds += ROUND_MAY_TAKE_S + 1.0
    assert is_stuck()
    pulse.wait(1.0, threading.Event())
    assert not is_stuck()


def test_the_claims_may_judge_for_longer_but_not_for_ever() -> None:
    clock = SteppedClock()
    pulse, progress = Pulse(clock), Progress(clock=clock)
    for seconds, expected in (
        (0.0, ()),
        (ROUND_MAY_TAKE_S + 1.0, ()),
        (CLAIMS_MAY_TAKE_S, ("claims",)),
    ):
        clock.seconds += seconds
        assert progress.stuck({"claims": pulse.marker(CLAIMS_MAY_TAKE_S)}) == expected


@dataclass
class PausingClock(SteppedClock):
    """Its wait lasts until the test ends it."""

    in_it: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        self.waits.append(seconds)
        self.in_it.set()
        return self.over.wait(PATIENCE_S) and stop.is_set()


def test_a_part_that_rests_as_long_as_it_wanted_to_is_not_stuck_and_one_that_never_wakes_is() -> None:
    clock = PausingClock()
    pulse, progress = Pulse(clock), Progress(clock=clock)
    resting = threading.Thread(target=pulse.wait, args=(10 * ROUND_MAY_TAKE_S, threading.Event()), daemon=True)
    resting.start()
    try:
        assert clock.in_it.wait(PATIENCE_S)
        assert progress.stuck({"health": pulse.marker()}) == ()
        clock.seconds = 10 * ROUND_MAY_TAKE_S
        assert progress.stuck({"health": pulse.marker()}) == ()
        clock.seconds += ROUND_MAY_TAKE_S + 1.0
        assert progress.stuck({"health": pulse.marker()}) == ("health",)
    finally:
        clock.over.set()
        resting.join(PATIENCE_S)


def test_the_status_says_how_many_answer_and_what_is_wrong_with_the_others() -> None:
    refused = Problem(kind="unreachable", problem="dc2: vc2 refuses the connection", cure="wait", since=START)
    targets = (
        Target(name="dc1", address="a", up=True, inventory=NOTHING_SEEN),
        Target(name="dc2", address="b", problem=refused),
        Target(name="dc3", address="c"),
    )
    assert status_line(world_of(*targets)) == (
        "1 of 3 vCenters answer; 1 not tried yet; dc2: vc2 refuses the connection"
    )
