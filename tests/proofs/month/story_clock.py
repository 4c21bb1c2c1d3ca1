"""Time that a story hands out to two processes: it stands still while either works, and jumps to the next thing due.

A file in memory holds what both need: the seconds that have passed in the story, how far the agent's own clock is off, and
when the agent wants to be woken next. A byte through a pipe says that this moment has come. So no wait costs real time,
and nobody is late because the machine is busy: the margins of the ledger, which are seconds, mean what they mean.
"""

import heapq
import math
import mmap
import os
import select
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

NEVER = math.inf
_PASSED, _OFF, _DUE = range(3)
_SIZE = 24
_LOOK_S = 0.2
"""Real time: how soon a wait notices that it is to stop, and that the story has ended."""


class _Shared:
    """Three numbers that two processes see."""

    def __init__(self, file: Path) -> None:
        with file.open("r+b") as opened:
            self._map = mmap.mmap(opened.fileno(), _SIZE)
        self._numbers = memoryview(self._map).cast("d")

    def __getitem__(self, place: int) -> float:
        return self._numbers[place]

    def __setitem__(self, place: int, value: float) -> None:
        self._numbers[place] = value


def rounded(moment: float, grain: float) -> float:
    """The next moment of the grid at or after `moment`."""
    return math.ceil(moment / grain - 1e-9) * grain


class StoryTime:
    """The side that hands out time. Also the clock of what runs in its own process."""

    def __init__(self, file: Path, begin: datetime) -> None:
        file.write_bytes(bytes(_SIZE))
        self.file, self.begin = file, begin
        self._shared = _Shared(file)
        self._shared[_DUE] = NEVER
        self._wake: int | None = None

    @property
    def passed(self) -> float:
        return self._shared[_PASSED]

    @property
    def agent_due(self) -> float:
        """When the agent wants to be woken; never, while there is none."""
        return self._shared[_DUE] if self._wake is not None else NEVER

    def now(self) -> datetime:
        return self.begin + timedelta(seconds=self.passed)

    def go(self, passed: float) -> None:
        """It is that late now."""
        self._shared[_PASSED] = passed
        if self._wake is not None and passed >= self._shared[_DUE]:
            try:
                os.write(self._wake, b"!")
            except BrokenPipeError:
                self.agent_ended()

    def set_agent_clock(self, seconds: float) -> None:
        """The wall clock of the agent's machine is so much ahead."""
        self._shared[_OFF] = seconds

    def agent_begins(self) -> int:
        """The end of the pipe that the agent listens at; it is the caller's to close."""
        self._shared[_DUE] = NEVER
        listening, self._wake = os.pipe()
        return listening

    def agent_ended(self) -> None:
        if self._wake is not None:
            os.close(self._wake)
        self._wake = None


class StoryClock:
    """The agent's side. Waits end on a grid of `grain` seconds, which is what makes a month cheap enough to tell."""

    def __init__(self, file: Path, wake: int, begin: datetime, grain: float) -> None:
        self._shared, self._wake, self._begin, self._grain = _Shared(file), wake, begin, grain
        self._lock = threading.Lock()
        self._waits: list[tuple[float, int, threading.Event, threading.Event]] = []
        self._order = count()
        threading.Thread(target=self._run, name="story clock", daemon=True).start()

    def now(self) -> datetime:
        return self._begin + timedelta(seconds=self._shared[_PASSED] + self._shared[_OFF])

    def monotonic(self) -> float:
        return self._shared[_PASSED]

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        if seconds <= 0 or stop.is_set():
            return stop.is_set()
        due = threading.Event()
        with self._lock:
            moment = rounded(self.monotonic() + seconds, self._grain)
            heapq.heappush(self._waits, (moment, next(self._order), due, stop))
            self._tell()
        due.wait()
        return stop.is_set()

    def _run(self) -> None:
        while True:
            told, _, _ = select.select([self._wake], [], [], _LOOK_S)
            if told and not os.read(self._wake, 64):
                os._exit(1)  # who told the story has ended: nobody would ever wake us
            with self._lock:
                now = self.monotonic()
                ended = [one for one in self._waits if one[0] <= now or one[3].is_set()]
                if ended:
                    self._waits = [one for one in self._waits if one not in ended]
                    heapq.heapify(self._waits)
                    self._tell()
                for one in ended:
                    one[2].set()

    def _tell(self) -> None:
        self._shared[_DUE] = self._waits[0][0] if self._waits else NEVER


class StoryCondition(threading.Condition):
    """A simulated vCenter's lock: whoever waits on it for so many seconds waits by the story's time."""

    def __init__(self, time: StoryTime, grain: float) -> None:
        super().__init__()
        self._time, self._grain = time, grain
        self._ends: list[float] = []

    @property
    def due(self) -> float:
        """When the first wait under way is over."""
        with self:
            return min(self._ends, default=NEVER)

    def wait_for(self, predicate: Callable[[], object], timeout: float | None = None) -> bool:
        end = NEVER if timeout is None else rounded(self._time.passed + timeout, self._grain)
        self._ends.append(end)
        try:
            while not (found := predicate()) and self._time.passed < end:
                self.wait()
        finally:
            self._ends.remove(end)
        return bool(found)
