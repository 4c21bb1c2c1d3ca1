"""Parts of the agent that its first page does without. They, and the modules that they need, come after it."""

import threading
from collections.abc import Callable
from typing import Protocol

FIRST_PAGE_WITHIN_S = 60.0
"""What is read takes longer than that only where it is so much that what is put off makes no difference."""
_ONE_AT_A_TIME = threading.Lock()
"""Modules are imported by one thread at a time: two that need each other's would get halves of them."""


class Part(Protocol):
    """What runs in a thread until it is told to stop."""

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set."""


class Later:
    """Makes a part once the first page is there, and runs it: a quarter of all modules, and 0.15 s of a start's CPU."""

    def __init__(self, make: Callable[[], Part], first_page: threading.Event) -> None:
        """`make` imports what it needs; `first_page` is set when there is one, or none will ever be."""
        self._make, self._first_page = make, first_page
        self._part: Part | None = None

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set."""
        self._first_page.wait(FIRST_PAGE_WITHIN_S)
        if stop.is_set():
            return
        with _ONE_AT_A_TIME:
            self._part = self._make()
        self._part.run(stop)

    def interrupt(self) -> None:
        """Wake the part from waiting on vCenter, if it does."""
        interrupt = getattr(self._part, "interrupt", None)
        if interrupt is not None:
            interrupt()
