"""What is to be done when, by the seconds of the story."""

import heapq
from collections.abc import Callable
from itertools import count

from tests.proofs.month.story_clock import NEVER, StoryTime

Action = Callable[[], object]


class Agenda:
    """Things fall due in the order of their time, those of the same time in the order in which they were planned."""

    def __init__(self, time: StoryTime) -> None:
        self._time = time
        self._planned: list[tuple[float, int, Action]] = []
        self._order = count()

    @property
    def due(self) -> float:
        return self._planned[0][0] if self._planned else NEVER

    def at(self, passed: float, action: Action) -> None:
        """In whole seconds, as people remember times; never in the past."""
        heapq.heappush(self._planned, (max(round(passed), self._time.passed), next(self._order), action))

    def after(self, seconds: float, action: Action) -> None:
        self.at(self._time.passed + seconds, action)

    def do_what_is_due(self) -> None:
        while self._planned and self._planned[0][0] <= self._time.passed:
            heapq.heappop(self._planned)[2]()
