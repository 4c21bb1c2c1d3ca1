"""Time that moves only when a test says so."""

import threading
from datetime import UTC, datetime, timedelta


class SimulatedTime:
    """A clock: `now` is an estate's, `wait` lets the waited time pass and sets `stop` after `seconds_to_run`."""

    def __init__(self, seconds_to_run: float = float("inf")) -> None:
        self._now = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
        self._passed = 0.0
        self._seconds_to_run = seconds_to_run

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._passed

    def advance(self, seconds: float) -> datetime:
        self._passed += seconds
        self._now += timedelta(seconds=seconds)
        return self._now

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        if self._passed >= self._seconds_to_run:
            stop.set()
        self.advance(seconds)
        return stop.is_set()
