"""Keeps the newest world rendered as metrics, so that a scrape is handed ready bytes.

A page that nobody takes costs as much as one that is scraped, so changes are rendered more rarely while nobody takes it.
"""

import threading
from collections.abc import Callable
from datetime import datetime

from agent.clock import Clock
from agent.collectors.slot import WorldSlot
from agent.model.world import World
from exporters.readiness import not_ready
from exporters.web import MetricsPage

REFRESH_S = 10.0
"""Rendered at least this often though nothing changed, for what was read long ago has to leave the page."""
PAUSE_S = 1.0
"""Rendered at most this often, however fast changes come in,"""
PAUSE_PER_RENDERING = 4.0
"""and at most a fifth of the time is spent on it. Neither holds while a vCenter was not read yet: somebody waits."""
UNFINISHED_PAUSE_S = 5.0
"""Until then what there is so far is rendered this often, and not for each piece that comes."""
UNASKED_PAUSE_S = 10.0
"""Rendered at most this often while nobody took the last page: at 80 VMs that is 6 renderings a minute, not 33."""


class Rendering:
    """`page` is what `render` made last; the first one is there from the start."""

    def __init__(self, slot: WorldSlot, clock: Clock, render: Callable[[World, datetime], MetricsPage]) -> None:
        self._slot = slot
        self._clock = clock
        self._render = render
        self._asked = threading.Event()
        self.count = 0
        self.first_page = threading.Event()
        """set once every vCenter was tried and the page shows what came of it, or there will be no more pages"""
        self.revision, self._world = slot.read()
        self._page = render(self._world, clock.now())

    def page(self) -> MetricsPage:
        """The newest page, of the world of `revision`, for somebody who wants it."""
        self._asked.set()
        return self._page

    def world(self) -> World:
        """The world that the page shows."""
        return self._world

    def run(self, stop: threading.Event) -> None:
        """Render whenever the world changed, until `stop`."""
        try:
            self._keep_rendered(stop)
        finally:
            self.first_page.set()

    def _keep_rendered(self, stop: threading.Event) -> None:
        pause, seen = 0.0, self.revision
        put_off_until = self._clock.monotonic()
        unfinished_due = put_off_until + UNFINISHED_PAUSE_S
        while not self._clock.wait(pause, stop):
            if not self._asked.is_set() and self._clock.monotonic() < put_off_until:
                pause = PAUSE_S
                continue
            self._slot.wait_for_newer(seen, REFRESH_S)
            started = self._clock.monotonic()
            seen, world = self._slot.read()
            unfinished = bool(not_ready(world))
            if unfinished and started < unfinished_due:
                pause = 0.0
                continue
            self._asked.clear()
            self._page = self._render(world, self._clock.now())
            self._world = world
            self.revision = seen
            self.count += 1
            if not unfinished:
                self.first_page.set()
            ended = self._clock.monotonic()
            pause = 0.0 if unfinished else max(PAUSE_S, PAUSE_PER_RENDERING * (ended - started))
            put_off_until = ended if unfinished else ended + UNASKED_PAUSE_S
            unfinished_due = ended + UNFINISHED_PAUSE_S
