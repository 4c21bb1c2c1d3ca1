"""Signals as events: SIGTERM and Ctrl-C ask to end in good order, a second one ends at once; SIGHUP asks to reload.

A Python signal handler runs in the main thread between any two steps of it, also while that thread holds the lock of the
very event that the handler would set, and would then wait for itself for ever. So a handler takes no lock: the
interpreter writes the signal's number into a socket, and a thread of its own sets the event.
"""

import contextlib
import signal
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import field
from types import FrameType

from agent.dataclass import dataclass

ENDING = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What was asked of the process."""

    stop: threading.Event = field(default_factory=threading.Event)
    reload: threading.Event = field(default_factory=threading.Event)
    """set by each SIGHUP; whoever reloads clears it"""


@contextlib.contextmanager
def signals_as_events(*, reloading: bool = False) -> Iterator[Signals]:
    """Only on the main thread. Without `reloading` SIGHUP ends the process, as when a terminal is closed."""
    asked = Signals()
    events: dict[int, threading.Event] = dict.fromkeys(ENDING, asked.stop)
    if reloading:
        events[signal.SIGHUP] = asked.reload
    before = {number: signal.getsignal(number) for number in events}
    told, telling = socket.socketpair()
    telling.setblocking(False)
    listener = threading.Thread(target=_listen, args=(told, events), name="signals", daemon=True)
    listener.start()
    fd_before = signal.set_wakeup_fd(telling.fileno(), warn_on_full_buffer=False)
    try:
        for number in events:
            signal.signal(number, _once if number in ENDING else _noted)
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(fd_before)
        telling.close()
        listener.join()
        told.close()


@contextlib.contextmanager
def stop_on_signals() -> Iterator[threading.Event]:
    """An event that is set when the process is asked to end. Only on the main thread."""
    with signals_as_events() as asked:
        yield asked.stop


def _listen(told: socket.socket, events: Mapping[int, threading.Event]) -> None:
    while numbers := told.recv(64):
        for number in numbers:
            if number in events:
                events[number].set()


def _once(number: int, _frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)


def _noted(_number: int, _frame: FrameType | None) -> None:
    """There has to be a handler, for the signal not to end the process."""
