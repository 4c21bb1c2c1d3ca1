"""Signals as events: SIGTERM and Ctrl-C ask to end in good order, a second one ends at once; SIGHUP asks to reload."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

ENDING = (signal.SIGTERM, signal.SIGINT)


@contextlib.contextmanager
def stop_on_signals() -> Iterator[threading.Event]:
    """An event that is set when the process is asked to end. Only on the main thread."""
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in ENDING}

    def asked(number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    for number in ENDING:
        signal.signal(number, asked)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def reload_on_hangup() -> Iterator[threading.Event]:
    """An event that each SIGHUP sets; whoever reloads clears it. Only on the main thread."""
    reload = threading.Event()
    before = signal.signal(signal.SIGHUP, lambda _number, _frame: reload.set())
    try:
        yield reload
    finally:
        signal.signal(signal.SIGHUP, before)
