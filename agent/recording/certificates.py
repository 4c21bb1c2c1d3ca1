"""Certificates of which only the dates are left: the bytes of everything else that says something are overwritten."""

import base64
import re
from collections.abc import Iterator

_CONSTRUCTED = 0x20
_OID, _NULL, _UTC_TIME, _GENERALIZED_TIME = 0x06, 0x05, 0x17, 0x18
_KEPT = frozenset({_OID, _NULL, _UTC_TIME, _GENERALIZED_TIME})
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)
_LINE = 64


def only_dates(pem: bytes) -> bytes:
    """A certificate in PEM without names, serial number, key and signature; nothing for what is no certificate."""
    found = _PEM.search(pem)
    if found is None:
        return b""
    try:
        der = bytearray(base64.b64decode(found[1]))
        _blank(der, 0, len(der))
    except (ValueError, IndexError):
        return b""
    text = base64.b64encode(der)
    lines = [text[at : at + _LINE] for at in range(0, len(text), _LINE)]
    return b"\n".join([b"-----BEGIN CERTIFICATE-----", *lines, b"-----END CERTIFICATE-----", b""])


def _blank(der: bytearray, start: int, end: int) -> None:
    for tag, begin, after in _parts(der, start, end):
        if tag & _CONSTRUCTED:
            _blank(der, begin, after)
        elif tag not in _KEPT:
            der[begin:after] = b"x" * (after - begin)


def _parts(der: bytearray, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Tag, begin and end of the content of each element that stands one after the other. Raises ValueError."""
    while at < end:
        tag, size = der[at], der[at + 1]
        at += 2
        if size & 0x80:
            count = size & 0x7F
            size = int.from_bytes(der[at : at + count], "big")
            at += count
        if at + size > end:
            raise ValueError("cut off")
        yield tag, at, at + size
        at += size
