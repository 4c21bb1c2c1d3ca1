"""When a certificate ends: just enough of DER to find notAfter in it."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime

_SEQUENCE, _UTC_TIME, _GENERALIZED_TIME = 0x30, 0x17, 0x18
_PIVOT = 50
"""UTCTime has two digits for the year: 50 is 1950, 49 is 2049 (RFC 5280, 4.1.2.5.1)."""


def not_after(pem: str) -> datetime | None:
    """The end of an X.509 certificate in PEM, UTC; None if it is none."""
    try:
        certificate = next(_parts(_der(pem)))[1]
        signed = next(_parts(certificate))[1]
        for tag, body in _parts(signed):
            times = list(_parts(body)) if tag == _SEQUENCE else []
            if len(times) == 2 and all(kind in (_UTC_TIME, _GENERALIZED_TIME) for kind, _ in times):
                return _time(*times[1])
    except (ValueError, IndexError, StopIteration):
        pass
    return None


def _der(pem: str) -> bytes:
    lines = [line.strip() for line in pem.strip().splitlines()]
    if len(lines) < 3 or "BEGIN CERTIFICATE" not in lines[0]:
        raise ValueError("no certificate")
    return base64.b64decode("".join(lines[1 : next(n for n, line in enumerate(lines) if "END CERTIFICATE" in line)]))


def _parts(der: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and content of each element that stands one after the other."""
    at = 0
    while at < len(der):
        tag, size = der[at], der[at + 1]
        at += 2
        if size & 0x80:
            count = size & 0x7F
            size = int.from_bytes(der[at : at + count], "big")
            at += count
        if at + size > len(der):
            raise ValueError("cut off")
        yield tag, der[at : at + size]
        at += size


def _time(tag: int, body: bytes) -> datetime:
    text = body.decode("ascii").removesuffix("Z")
    if tag == _UTC_TIME:
        text = ("19" if int(text[:2]) >= _PIVOT else "20") + text
    return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
