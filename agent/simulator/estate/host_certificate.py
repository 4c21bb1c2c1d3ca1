"""A host's TLS certificate, `config.certificate`: DER written by hand, so that the same seed gives the same bytes.

The signature is noise: nobody connects to these hosts, only the dates and names are read.
"""

import base64
import random
import textwrap
from datetime import datetime

SEQUENCE, SET, INTEGER, BIT_STRING, NULL, OID, UTF8, GENERALIZED_TIME = 0x30, 0x31, 0x02, 0x03, 0x05, 0x06, 0x0C, 0x18
SHA256_RSA = bytes.fromhex("2a864886f70d01010b")
RSA = bytes.fromhex("2a864886f70d010101")
COUNTRY, ORGANIZATION, COMMON_NAME = bytes.fromhex("550406"), bytes.fromhex("55040a"), bytes.fromhex("550403")


def _tlv(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body


def _integer(value: int) -> bytes:
    return _tlv(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _name(*attributes: tuple[bytes, str]) -> bytes:
    return _tlv(
        SEQUENCE,
        *(_tlv(SET, _tlv(SEQUENCE, _tlv(OID, oid), _tlv(UTF8, text.encode()))) for oid, text in attributes),
    )


def _time(when: datetime) -> bytes:
    return _tlv(GENERALIZED_TIME, when.strftime("%Y%m%d%H%M%SZ").encode())


def certificate_pem(rng: random.Random, subject: str, not_before: datetime, not_after: datetime) -> bytes:
    """An X.509 v3 certificate of VMCA for host name `subject`, PEM. Times are UTC."""
    algorithm = _tlv(SEQUENCE, _tlv(OID, SHA256_RSA), _tlv(NULL))
    modulus = rng.getrandbits(2048) | 1 << 2047 | 1
    key = _tlv(SEQUENCE, _integer(modulus), _integer(65537))
    body = _tlv(
        SEQUENCE,
        _tlv(0xA0, _integer(2)),
        _integer(rng.getrandbits(63) | 1 << 62),
        algorithm,
        _name((COMMON_NAME, "CA"), (COUNTRY, "US"), (ORGANIZATION, "vcenter.kommune.example")),
        _tlv(SEQUENCE, _time(not_before), _time(not_after)),
        _name((COUNTRY, "DK"), (ORGANIZATION, "VMware"), (COMMON_NAME, subject)),
        _tlv(SEQUENCE, _tlv(SEQUENCE, _tlv(OID, RSA), _tlv(NULL)), _tlv(BIT_STRING, b"\x00", key)),
    )
    signature = rng.getrandbits(2048).to_bytes(256, "big")
    der = _tlv(SEQUENCE, body, algorithm, _tlv(BIT_STRING, b"\x00", signature))
    lines = textwrap.wrap(base64.b64encode(der).decode(), 64)
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""]).encode()
