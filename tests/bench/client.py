"""Asks a program for its metrics as Prometheus does."""

import gzip
import http.client
from dataclasses import dataclass
from urllib.parse import urlsplit

SCRAPE_HEADERS = {
    "Accept": "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    "Accept-Encoding": "gzip",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a scrape gave."""

    sent_bytes: int
    """as it went over the wire"""
    text: bytes

    @property
    def series(self) -> int:
        """How many samples are on it."""
        return sum(1 for line in self.text.splitlines() if line and not line.startswith(b"#"))


class Client:
    """One connection that stays open, as Prometheus has it."""

    def __init__(self, address: str, timeout_s: float = 30) -> None:
        parts = urlsplit(address)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout_s)

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """The status and the body as it came."""
        self._connection.request("GET", path, headers=headers)
        response = self._connection.getresponse()
        return response.status, response.read()

    def scrape(self) -> bytes:
        """The body of the metrics page as it comes; AssertionError with its first words if the answer is not 200."""
        status, body = self.get("/metrics", **SCRAPE_HEADERS)
        assert status == 200, f"a scrape was answered by {status}: {read(body).text[:300].decode(errors='replace')}"
        return body

    def close(self) -> None:
        """The next question opens a new connection."""
        self._connection.close()


def read(body: bytes) -> Page:
    """An answer that may be compressed."""
    return Page(sent_bytes=len(body), text=gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body)
