"""One receiver of remote write over HTTP: what it said to a request, and what to do about it."""

import base64
import contextlib
import http.client
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from agent.dataclass import dataclass
from agent.errors import AgentError
from exporters.remote_write.write_request import HEADERS

TIMEOUT_S = 10.0
_SHOWN = 200
"""Characters of what a receiver says that are repeated."""
_FOR_EVER = frozenset({400, 413, 415, 422})
"""What will be refused however often it is sent. Everything else passes, or waits for a person: 401, 404, 429, 5xx."""


class NotTaken(AgentError):
    """The receiver did not take a request; `for_ever` if it never will."""

    def __init__(self, problem: str, *, cure: str, for_ever: bool = False) -> None:
        super().__init__(problem, cure=cure)
        self.for_ever = for_ever


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Where requests go; `password` reads it anew, raising an AgentError where it cannot."""

    url: str
    version: str
    username: str | None = None
    password: Callable[[], str] | None = None
    ca_file: Path | None = None

    def send(self, request: bytes) -> None:
        """Send one compressed request.

        Raises:
            NotTaken: the receiver cannot be reached, or it said no.
            AgentError: the password cannot be read.
        """
        parts = urlsplit(self.url)
        path = parts._replace(scheme="", netloc="").geturl() or "/"
        headers = {**HEADERS, "User-Agent": f"checkmeter/{self.version}", **self._login()}
        try:
            with self._connection() as connection:
                connection.request("POST", path, request, headers)
                answer = connection.getresponse()
                status, text = answer.status, answer.read(4096)
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise NotTaken(
                f"remote write: {parts.hostname} cannot be reached ({reason})",
                cure="see remote_write in the configuration",
            ) from None
        if status // 100 != 2:
            raise _said_no(status, text)

    def _login(self) -> dict[str, str]:
        if self.password is None:
            return {}
        password = self.password()
        if self.username is None:
            return {"Authorization": f"Bearer {password}"}
        return {"Authorization": f"Basic {base64.b64encode(f'{self.username}:{password}'.encode()).decode()}"}

    @contextlib.contextmanager
    def _connection(self) -> Iterator[http.client.HTTPConnection]:
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        connection = (
            http.client.HTTPSConnection(
                host, parts.port, timeout=TIMEOUT_S, context=ssl.create_default_context(cafile=self.ca_file)
            )
            if parts.scheme == "https"
            else http.client.HTTPConnection(host, parts.port, timeout=TIMEOUT_S)
        )
        try:
            yield connection
        finally:
            connection.close()


def _said_no(status: int, text: bytes) -> NotTaken:
    said = " ".join(text[:_SHOWN].decode("ascii", "replace").split())
    said = "".join(character if character.isprintable() else "?" for character in said)
    match status:
        case 401 | 403:
            cure = "correct username or password file; what waits is sent then"
        case 404:
            cure = "correct the path of the url; Prometheus needs --web.enable-remote-write-receiver"
        case _ if status in _FOR_EVER:
            cure = "Prometheus takes old samples only with storage.tsdb.out_of_order_time_window, of 2h here"
        case _:
            cure = "it is tried again"
    return NotTaken(f"remote write: refused with HTTP {status} ({said})", cure=cure, for_ever=status in _FOR_EVER)
