"""What one target's traffic comes to: calls, time, errors, bytes. Shared by all threads that read the target."""

import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from types import MappingProxyType

from agent.clock import Clock
from agent.errors import VCenterError
from agent.model.world import CallStatistics


class Traffic:
    """Counts; safe to use from several threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._calls: Counter[str] = Counter()
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._errors: Counter[str] = Counter()
        self._bytes = 0
        self._logins = 0

    @contextmanager
    def call(self, operation: str) -> Iterator[None]:
        """One call: it is counted, timed, and its failure counted by kind."""
        started = self._clock.monotonic()
        with self._lock:
            self._calls[operation] += 1
            self._logins += operation == "Login"
        try:
            yield
        except VCenterError as error:
            self.failed(error.kind)
            raise
        finally:
            with self._lock:
                self._seconds[operation] += self._clock.monotonic() - started

    def failed(self, kind: str) -> None:
        """Count a failure, also one that did not come out of a call, e.g. an unreadable password file."""
        with self._lock:
            self._errors[kind] += 1

    def received(self, size: int) -> None:
        """Count bytes of answers, as they came over the wire."""
        with self._lock:
            self._bytes += size

    @property
    def statistics(self) -> CallStatistics:
        """All that was counted so far."""
        with self._lock:
            return CallStatistics(
                calls=MappingProxyType(dict(self._calls)),
                seconds=MappingProxyType(dict(self._seconds)),
                errors=MappingProxyType(dict(self._errors)),
                bytes_received=self._bytes,
                logins=self._logins,
            )
