"""SIGTERM and Ctrl-C as an event: the first asks to end in good order, a second one ends at once."""

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
