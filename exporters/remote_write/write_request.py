"""Prometheus' remote write 1.0: a WriteRequest in protobuf, compressed as one Snappy block.

Source: prometheus.io/docs/specs/prw/remote_write_spec; prompb/remote.proto and types.proto of Prometheus. Four kinds of
messages with six fields are written here; a protobuf runtime would be the larger part of the agent's memory.
"""

import struct
from collections.abc import Iterable, Sequence
from typing import NamedTuple

HEADERS = {
    "Content-Type": "application/x-protobuf",
    "Content-Encoding": "snappy",
    "X-Prometheus-Remote-Write-Version": "0.1.0",
}
_VARINT, _FIXED64, _BYTES = 0, 1, 2


class TimeSeries(NamedTuple):
    """One series: its labels sorted by name, `__name__` among them, and samples as (milliseconds since 1970, value)."""

    labels: tuple[tuple[str, str], ...]
    samples: Sequence[tuple[int, float]]


def write_request(series: Iterable[TimeSeries]) -> bytes:
    """The body of one request, compressed."""
    from cramjam import snappy  # noqa: PLC0415 - 4 MB that only who writes remotely needs

    return bytes(snappy.compress_raw(b"".join(_block(1, _time_series(one)) for one in series)))


def _time_series(series: TimeSeries) -> bytes:
    labels = b"".join(
        _block(1, _block(1, name.encode()) + _block(2, value.encode()))
        for name, value in sorted(series.labels)
        if value
    )
    samples = b"".join(_block(2, _sample(at_ms, value)) for at_ms, value in series.samples)
    return labels + samples


def _sample(at_ms: int, value: float) -> bytes:
    return _key(1, _FIXED64) + struct.pack("<d", value) + _key(2, _VARINT) + _varint(at_ms)


def _block(field: int, content: bytes) -> bytes:
    return _key(field, _BYTES) + _varint(len(content)) + content


def _key(field: int, wire_type: int) -> bytes:
    return _varint(field << 3 | wire_type)


def _varint(number: int) -> bytes:
    number &= (1 << 64) - 1  # an int64 below zero is written as its two's complement
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)
