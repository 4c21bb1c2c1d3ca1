"""Keeps late samples on the disk and sends them, oldest first, until the receiver has taken them."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from agent.clock import Clock
from agent.errors import AgentError
from agent.model.late_samples import LateSamples
from agent.model.world import Problem, RemoteWriteStatus
from exporters.remote_write.late_series import LateSeries
from exporters.remote_write.receiver import NotTaken, Receiver
from exporters.remote_write.spool import Spool
from exporters.remote_write.write_request import TimeSeries, write_request

MOST_BYTES = 256 * 1024 * 1024
"""An hour of 5,000 VMs is about a quarter of it."""
SAMPLES_A_REQUEST = 10_000
"""Some 100 KB: what Prometheus itself sends is smaller, and receivers take up to some MB."""
_LOOK_EVERY_S = 5.0
_LONGEST_RETRY_S = 60.0

Guard = Callable[[str, Callable[[], None], Callable[[AgentError], None]], None]
"""What does the second, hands an AgentError of it to the third, and lets nothing else out."""

log = logging.getLogger("checkmeter.remote_write")


class RemoteWriter:
    """`add` and `flush` are for the collectors' threads, `run` is a thread of its own."""

    def __init__(
        self,
        receiver: Receiver,
        folder: Path,
        labels: Mapping[str, str],
        clock: Clock,
        *,
        publish: Callable[[RemoteWriteStatus], None],
        guard: Guard,
    ) -> None:
        """`folder` is where requests wait; `labels` are added to every series; `guard` is the agent's catch-all."""
        self._receiver, self._labels, self._clock, self._publish = receiver, labels, clock, publish
        self._folder, self._guard = folder, guard
        self._pause = 0.0
        self._lock = threading.Lock()
        self._spool: Spool | None = None
        self._series: dict[str, LateSeries] = {}
        self._batch: list[TimeSeries] = []
        self._count = 0
        self._status = RemoteWriteStatus()

    def add(self, samples: LateSamples) -> None:
        """Take one object's samples. Never raises: what the disk has no room for is counted as dropped."""
        with self._lock:
            for one in self._series.setdefault(samples.target, LateSeries(self._labels)).of(samples):
                self._batch.append(one)
                self._count += len(one.samples)
                if self._count >= SAMPLES_A_REQUEST:
                    self._keep()

    def flush(self) -> None:
        """All of a round was added. Never raises."""
        with self._lock:
            if self._batch:
                self._keep()

    def run(self, stop: threading.Event) -> None:
        """Send whatever waits, until `stop`."""
        while not self._clock.wait(self._pause, stop):
            self._guard("remote write", self._send, self._put_off)

    def _send(self) -> None:
        try:
            sent = self._send_oldest()
        except OSError as error:
            raise AgentError(
                f"remote write: {self._folder}: {error.strerror}", cure="see to it that the agent may read it"
            ) from error
        self._pause = 0.0 if sent else _LOOK_EVERY_S

    def _put_off(self, error: AgentError) -> None:
        self._failed(error)
        self._pause = min(_LONGEST_RETRY_S, max(1.0, 2 * self._pause))

    def _send_oldest(self) -> bool:
        """Whether there was something to send."""
        with self._lock:
            spool = self._opened()
            waiting = spool.oldest()
            self._tell(waiting_bytes=spool.waiting_bytes)
        if waiting is None:
            return False
        sent, refused = waiting.samples, 0
        try:
            self._receiver.send(waiting.file.read_bytes())
        except FileNotFoundError:  # it had to make room meanwhile
            return True
        except NotTaken as error:
            if not error.for_ever:
                raise
            self._failed(error)
            sent, refused = 0, waiting.samples
        with self._lock:
            if spool.oldest() is waiting:
                spool.done()
            status = self._status
            self._tell(sent=status.sent + sent, refused=status.refused + refused, waiting_bytes=spool.waiting_bytes)
            if not refused:
                self._tell(last_success=self._clock.now(), problem=None)
        return True

    def _opened(self) -> Spool:
        if self._spool is None:
            self._spool = Spool(self._folder, MOST_BYTES)
        return self._spool

    def _keep(self) -> None:
        """The batch goes to the disk. The lock is held."""
        batch, count = self._batch, self._count
        self._batch, self._count = [], 0
        try:
            spool = self._opened()
            dropped = spool.put(write_request(batch), count)
            waiting_bytes = spool.waiting_bytes
        except OSError as error:
            dropped, waiting_bytes = count, self._status.waiting_bytes
            log.warning(
                "late samples cannot be kept, they are not sent", extra={"samples": count, "reason": error.strerror}
            )
        self._tell(dropped=self._status.dropped + dropped, waiting_bytes=waiting_bytes)

    def _failed(self, error: AgentError) -> None:
        before = self._status.problem
        if before is None or before.problem != error.problem:
            log.warning(error.problem, extra={"cure": error.cure})
        since = before.since if before is not None else self._clock.now()
        with self._lock:
            self._tell(problem=Problem(kind="remote_write", problem=error.problem, cure=error.cure, since=since))

    def _tell(self, **changes: object) -> None:
        """Publish what has changed. The lock is held."""
        status = replace(self._status, **changes)  # type: ignore[arg-type]  # fields of the status
        if status != self._status:
            self._status = status
            self._publish(status)
