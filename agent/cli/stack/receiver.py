"""A receiver of Alertmanager's webhooks that hands on what it is told: for the demo, and for proofs. Loopback only."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from agent.clock import Clock
from agent.dataclass import dataclass

LARGEST_BODY = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert of a message."""

    firing: bool
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    since: str
    """RFC 3339, as Alertmanager wrote it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What somebody was told: one notification, of one or more alerts."""

    receiver: str
    """the last part of the webhook's address, such as on-call"""
    at: datetime
    """when it came, UTC"""
    alerts: tuple[Alert, ...]


@contextlib.contextmanager
def receiving(clock: Clock, told: Callable[[Message], None]) -> Iterator[str]:
    """Its address, `127.0.0.1:PORT`, until the block is left. `told` is called for each message, in threads of its own."""
    server = _Server(clock, told)
    threading.Thread(target=server.serve_forever, name="receiver", daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, clock: Clock, told: Callable[[Message], None]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.clock = clock
        self.told = told


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        """Take one message; what is no message of Alertmanager's is refused."""
        length = int(self.headers.get("Content-Length", 0))
        if length > LARGEST_BODY:
            self._answer(413)
            return
        try:
            alerts = tuple(_alert(one) for one in json.loads(self.rfile.read(length))["alerts"])
        except (ValueError, KeyError, TypeError):
            self._answer(400)
            return
        receiver = self.path.rpartition("/")[2]
        self.server.told(Message(receiver=receiver, at=self.server.clock.now(), alerts=alerts))
        self._answer(200)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the standard library
        """Requests are no news."""


def _alert(told: dict[str, Any]) -> Alert:
    return Alert(
        firing=told["status"] == "firing",
        labels=dict(told["labels"]),
        annotations=dict(told["annotations"]),
        since=str(told["startsAt"]),
    )
