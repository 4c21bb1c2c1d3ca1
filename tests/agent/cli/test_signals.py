"""Signals become events, whatever the main thread is doing."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from agent.cli.signals import signals_as_events, stop_on_signals
from tests.agent.cli.invocation import LIMIT_S, ROOT, environment

TWICE = """
import os, signal, sys
from agent.cli.signals import stop_on_signals
with stop_on_signals() as stop:
    os.kill(os.getpid(), signal.SIGTERM)
    stop.wait(30)
    print("asked", flush=True)
    os.kill(os.getpid(), signal.SIGTERM)
    stop.clear()
    stop.wait(30)
"""


def ask(number: int) -> None:
    os.kill(os.getpid(), number)


@pytest.mark.timeout(20)
def test_a_signal_that_comes_while_the_main_thread_holds_the_lock_of_the_event_is_no_deadlock() -> None:
    with stop_on_signals() as stop:
        with stop._cond:  # type: ignore[attr-defined]  # where Event.wait stands when a signal comes at a bad moment
            ask(signal.SIGTERM)
            sum(range(10_000))  # the handler has run by now
        assert stop.wait(10)


def test_sighup_asks_to_reload_each_time_and_ends_nothing() -> None:
    with signals_as_events(reloading=True) as asked:
        for _ in range(2):
            ask(signal.SIGHUP)
            assert asked.reload.wait(10)
            asked.reload.clear()
        assert not asked.stop.is_set()


def test_handlers_are_as_before_once_it_is_over() -> None:
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before, threads = [signal.getsignal(number) for number in numbers], threading.active_count()
    with signals_as_events(reloading=True):
        assert [signal.getsignal(number) for number in numbers] != before
    assert [signal.getsignal(number) for number in numbers] == before
    assert threading.active_count() == threads


def test_a_second_signal_ends_the_process_at_once() -> None:
    done = subprocess.run(
        [sys.executable, "-c", TWICE],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("asked\n", -signal.SIGTERM)
