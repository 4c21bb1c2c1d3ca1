"""A mail server that keeps what it is given: as much of SMTP as Alertmanager speaks. Loopback only."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class MailSink:
    """The mails that came, oldest first."""

    def __init__(self) -> None:
        self.port = 0
        self._mails: list[EmailMessage] = []
        self._came = threading.Condition()

    def keep(self, data: bytes) -> None:
        with self._came:
            self._mails.append(message_from_bytes(data, policy=policy.default))  # type: ignore[arg-type]  # typed too narrow
            self._came.notify_all()

    def wait_for(self, count: int, seconds: float) -> list[EmailMessage]:
        """All mails, once there are `count` of them or the time is over."""
        with self._came:
            self._came.wait_for(lambda: len(self._mails) >= count, seconds)
            return list(self._mails)


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self._say("220 sink")
        while line := self.rfile.readline():
            match line[:4].upper().strip():
                case b"DATA":
                    self._say("354 go on")
                    data = b""
                    while (part := self.rfile.readline()) not in {b".\r\n", b""}:
                        data += part.removeprefix(b".") if part.startswith(b"..") else part
                    self.server.sink.keep(data)  # type: ignore[attr-defined]  # ours, set below
                    self._say("250 kept")
                case b"QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 yes")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def mail_sink() -> Iterator[MailSink]:
    """A sink on a free port of the loopback interface, until the block is left."""
    sink = MailSink()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Conversation) as server:
        server.daemon_threads = True
        server.sink = sink  # type: ignore[attr-defined]  # handed to each conversation
        sink.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield sink
        server.shutdown()
