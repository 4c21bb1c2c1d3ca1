"""The log of what clients do to the web server: each kind of line once a minute, however many clients do it."""

import logging

from agent.clock import Clock
from agent.errors import NO_ROOM, is_starvation

EVERY_S = 60.0
"""A client may cause a line as often as it likes; the log is for what is rarer."""

log = logging.getLogger("checkmeter.web")

_OURS = {
    "Invalid HTTP request received.": "a client sent what is no HTTP request",
    "Exception in ASGI application\n": "a bug in the agent, please report it",
}
"""uvicorn's words -> ours"""


class Seldom(logging.Filter):
    """Lets each message through once in `every_s`; the next one of its kind says how many were left out (`not_shown`)."""

    def __init__(self, clock: Clock, every_s: float = EVERY_S) -> None:
        super().__init__()
        self._clock = clock
        self._every_s = every_s
        self._said: dict[str, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written. Messages are constants: what differs stands in their fields."""
        record.msg = _OURS.get(record.msg, record.msg)
        if record.exc_info and is_starvation(record.exc_info[1]):
            record.exc_info, record.msg = None, "a client was not answered"
            record.reason = NO_ROOM
        now = self._clock.monotonic()
        at, left_out = self._said.get(record.msg, (None, 0))
        if at is not None and now - at < self._every_s:
            self._said[record.msg] = (at, left_out + 1)
            return False
        self._said[record.msg] = (now, 0)
        if left_out:
            record.not_shown = left_out
        return True


def seldom_log(clock: Clock) -> logging.Logger:
    """The log of the web server for what clients cause."""
    seldom = logging.Logger(log.name, logging.WARNING)  # noqa: LOG001 - one for each server, with the clock of its own
    seldom.parent = log
    seldom.addFilter(Seldom(clock))
    return seldom
