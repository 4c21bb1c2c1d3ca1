"""Whether the agent as a whole makes progress, and how it stands, in one line."""

import threading
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import NamedTuple

from agent.clock import Clock
from agent.dataclass import dataclass
from agent.model.world import World
from exporters.readiness import was_tried

STUCK_AFTER_S = 900.0
"""A collector tries at least this often, whatever is wrong with its vCenter;"""
STUCK_AFTER_INTERVALS = 3.0
"""one with a longer interval at least this often."""
_ONE_THREADS = frozenset({"inventory", "quick", "slow"})
"""What the thread that holds a session does in turn; the others have a `Pulse`."""
ROUND_MAY_TAKE_S = 900.0
"""One round of a part that reads no vCenter. The longest, judging the ledger of 5,000 VMs, takes about a minute;"""
CLAIMS_MAY_TAKE_S = 7200.0
"""but a first one of the claims judges thirteen months, which is half a minute for each claim and month at that size."""
READING_MAY_TAKE_S = 3600.0
"""A round of counters is some 22 calls at that size, and each of them may take vCenter a minute."""


class Marker(NamedTuple):
    """What changes whenever a part of the agent does something, and how long it may stand still."""

    value: object
    patience_s: float
    waits: bool = False
    """for something that may take as long as it takes"""


class Pulse:
    """A part's clock, which notes when the part pauses between two rounds: one that does not come back to it hangs."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._round: object = object()
        self._rests_until: float | None = None

    def now(self) -> datetime:
        """Wall-clock time."""
        return self._clock.now()

    def monotonic(self) -> float:
        """Seconds."""
        return self._clock.monotonic()

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """The pause after a round."""
        self._round = object()
        self._rests_until = self._clock.monotonic() + seconds
        asked_to_stop = self._clock.wait(seconds, stop)
        self._round = object()
        self._rests_until = None
        return asked_to_stop

    @property
    def resting(self) -> bool:
        """Whether it pauses, and not longer than it wanted to."""
        until = self._rests_until
        return until is not None and self._clock.monotonic() <= until

    def marker(self, patience_s: float = ROUND_MAY_TAKE_S, *, waits: bool = False) -> Marker:
        """Moves with each round, whatever came of it. A slow round is not a hang: how long one may take depends."""
        return Marker(self._round, patience_s, waits=waits or self.resting)


def markers(world: World) -> dict[str, Marker]:
    """Those of the threads that hold the sessions, by names such as `dc1` and `dc1 slow`.

    A refused login waits for a new password: that is not being stuck. While a vCenter is away this thread tries to reach
    it, and each of its attempts ends in a new Problem.
    """
    found: dict[str, Marker] = {}
    for name, target in world.targets.items():
        if not target.up:
            found[name] = Marker(target.problem, STUCK_AFTER_S, waits=target.login_blocked)
            continue
        for collector in _ONE_THREADS & target.collectors.keys():
            status = target.collectors[collector]
            patience = max(STUCK_AFTER_S, STUCK_AFTER_INTERVALS * status.interval_s)
            found[f"{name} {collector}"] = Marker(status, patience)
    return found


@dataclass(slots=True, kw_only=True)
class Progress:
    """Watches the markers change."""

    clock: Clock
    _changed: dict[str, tuple[Marker, float]] = field(default_factory=dict)

    def stuck(self, now_at: Mapping[str, Marker]) -> tuple[str, ...]:
        """The parts of which nothing was heard, not even a failure, for longer than their patience."""
        now = self.clock.monotonic()
        before, self._changed = self._changed, {}
        for name, marker in now_at.items():
            last = before.get(name)
            moved = last is None or last[0].value is not marker.value or marker.waits
            self._changed[name] = (marker, now if moved or last is None else last[1])
        return tuple(name for name, (marker, since) in self._changed.items() if now - since > marker.patience_s)


def status_line(world: World) -> str:
    """`2 of 3 vCenters answer; dc3: no answer from …`."""
    targets = world.targets.values()
    up = sum(target.up for target in targets)
    untried = sum(not was_tried(target) for target in targets)
    problems = [target.problem.problem for target in targets if target.problem is not None]
    waiting = [f"{untried} not tried yet"] if untried else []
    return "; ".join([f"{up} of {len(targets)} vCenters answer", *waiting, *problems])
