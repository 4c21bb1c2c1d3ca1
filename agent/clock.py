"""Time as a value that is passed in. The only module that reads the machine's clocks."""

import threading
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What the rest of the agent knows of time."""

    def now(self) -> datetime:
        """Wall-clock time, timezone-aware UTC."""

    def monotonic(self) -> float:
        """Seconds on a clock that never steps; only differences mean something."""

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Wait at most `seconds`; True as soon as `stop` is set."""


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        """Wall-clock time, timezone-aware UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some fixed point, unaffected by clock steps."""
        return time.monotonic()

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Wait at most `seconds` (negative counts as 0); True as soon as `stop` is set."""
        return stop.wait(max(0.0, seconds))
