"""The few words of an X.509 certificate that vHost prints, read from its DER without a library for it."""

import binascii
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

_UTC_TIME, _GENERALIZED_TIME, _VERSION = 0x17, 0x18, 0xA0
_LONG_FORM = 0x80
_CENTURY_PIVOT = 50  # two-digit years from 50 on are of the last century, by RFC 5280
_UTF16_BE = 0x1E
_ATTRIBUTES = {
    bytes.fromhex("550403"): "CN",
    bytes.fromhex("550406"): "C",
    bytes.fromhex("550407"): "L",
    bytes.fromhex("550408"): "ST",
    bytes.fromhex("55040a"): "O",
    bytes.fromhex("55040b"): "OU",
    bytes.fromhex("0992268993f22c640119"): "DC",
    bytes.fromhex("2a864886f70d010901"): "emailAddress",
}


class Certificate(NamedTuple):
    """Names as OpenSSL writes them, first part first."""

    issuer: str
    subject: str
    begins: datetime
    expires: datetime


@lru_cache(maxsize=1024)
def read_certificate(pem: str | None) -> Certificate | None:
    """The first certificate of a PEM text; None where there is none, or it cannot be understood."""
    if not pem:
        return None
    try:
        der = ssl.PEM_cert_to_DER_cert(pem[: pem.index("-----END CERTIFICATE-----") + 25].strip())
        (_, certificate), *_ = _elements(der)
        (_, signed), *_ = _elements(certificate)
        parts = [part for part in _elements(signed) if part[0] != _VERSION]
        _serial, _algorithm, (_, issuer), (_, validity), (_, subject), *_ = parts
        begins, expires = (_moment(*time) for time in _elements(validity))
        return Certificate(_name(issuer), _name(subject), begins, expires)
    except (ValueError, IndexError, binascii.Error):
        return None


def _elements(der: bytes) -> Iterator[tuple[int, bytes]]:
    """Tags and contents of what stands side by side."""
    at = 0
    while at < len(der):
        tag, length, at = der[at], der[at + 1], at + 2
        if length >= _LONG_FORM:
            size = length - _LONG_FORM
            length, at = int.from_bytes(der[at : at + size]), at + size
        if at + length > len(der):
            raise ValueError("the certificate is cut off")
        yield tag, der[at : at + length]
        at += length


def _name(der: bytes) -> str:
    found = []
    for _, relative in _elements(der):
        for _, pair in _elements(relative):
            (_, kind), (tag, value) = _elements(pair)
            text = value.decode("utf-16-be" if tag == _UTF16_BE else "utf-8", "replace")
            found.append(f"{_ATTRIBUTES.get(kind, kind.hex())}={text}")
    return ", ".join(found)


def _moment(tag: int, value: bytes) -> datetime:
    text = value.decode("ascii")
    if tag == _UTC_TIME:
        text = f"{'19' if int(text[:2]) >= _CENTURY_PIVOT else '20'}{text}"
    elif tag != _GENERALIZED_TIME:
        raise ValueError("no time")
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
