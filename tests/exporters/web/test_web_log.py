"""Clients cannot fill the log."""

import logging
import threading
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from exporters.web_log import EVERY_S, seldom_log


@dataclass
class StandingClock:
    """Time that a test moves."""

    seconds: float = 0.0

    def now(self) -> datetime:
        return datetime(2026, 11, 1, tzinfo=UTC)

    def monotonic(self) -> float:
        return self.seconds

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        self.seconds += seconds
        return stop.is_set()


def shown(caplog: pytest.LogCaptureFixture) -> list[tuple[str, object]]:
    return [(one.getMessage(), getattr(one, "not_shown", None)) for one in caplog.records]


def test_a_kind_of_line_is_written_once_a_minute_and_the_next_says_how_many_were_left_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = StandingClock()
    seldom = seldom_log(clock)
    for _ in range(1000):
        seldom.warning("a connection failed")
    seldom.warning("something else")
    clock.seconds = EVERY_S
    seldom.warning("a connection failed")
    clock.seconds = 2 * EVERY_S
    seldom.warning("a connection failed")
    assert shown(caplog) == [
        ("a connection failed", None),
        ("something else", None),
        ("a connection failed", 999),
        ("a connection failed", None),
    ]
    assert {one.name for one in caplog.records} == {"checkmeter.web"}


def test_the_words_are_ours(caplog: pytest.LogCaptureFixture) -> None:
    seldom_log(StandingClock()).warning("Invalid HTTP request received.")
    assert shown(caplog) == [("a client sent what is no HTTP request", None)]


def test_want_of_memory_is_one_line_and_a_bug_is_told_in_full(caplog: pytest.LogCaptureFixture) -> None:
    seldom = seldom_log(StandingClock())
    for error in (MemoryError(), RuntimeError("can't start new thread"), ZeroDivisionError()):
        seldom.error("Exception in ASGI application\n", exc_info=error)
    assert [(one.getMessage(), bool(one.exc_info)) for one in caplog.records] == [
        ("a client was not answered", False),
        ("a bug in the agent, please report it", True),
    ]
    assert getattr(caplog.records[0], "reason", "") == "the machine has no memory left for it"
    assert caplog.records[0].levelno == logging.ERROR
