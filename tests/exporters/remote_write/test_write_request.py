"""The bytes of remote write, against protobuf's own rules written out by hand; real receivers are in tests/end_to_end."""

import struct

import cramjam
from hypothesis import given
from hypothesis import strategies as st

from exporters.remote_write.write_request import TimeSeries, write_request

TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=300)


def body(*series):
    return bytes(cramjam.snappy.decompress_raw(write_request(series)))


def read_varint(data, at):
    number, shift = 0, 0
    while True:
        number |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not data[at - 1] & 0x80:
            return number, at


def fields(data):
    """(number, value) of a message, as protobuf.dev/programming-guides/encoding says."""
    at = 0
    while at < len(data):
        key, at = read_varint(data, at)
        match key & 7:
            case 0:
                value, at = read_varint(data, at)
            case 1:
                value, at = struct.unpack("<d", data[at : at + 8])[0], at + 8
            case 2:
                size, at = read_varint(data, at)
                value, at = data[at : at + size], at + size
                assert len(value) == size
            case other:
                raise AssertionError(f"wire type {other}")
        yield key >> 3, value


def test_the_bytes_are_those_of_the_specification():
    found = body(TimeSeries((("__name__", "up"),), [(1, 1.0)]))
    label = b"\x0a\x08__name__\x12\x02up"
    sample = b"\x09" + struct.pack("<d", 1.0) + b"\x10\x01"
    series = b"\x0a" + bytes([len(label)]) + label + b"\x12" + bytes([len(sample)]) + sample
    assert found == b"\x0a" + bytes([len(series)]) + series


@given(
    st.lists(
        st.tuples(
            st.dictionaries(TEXT, TEXT, min_size=1, max_size=4),
            st.lists(st.tuples(st.integers(0, 2**62), st.floats(allow_nan=False)), max_size=5),
        ),
        max_size=4,
    )
)
def test_what_was_encoded_is_read_back_label_for_label_and_sample_for_sample(content):
    data = body(*(TimeSeries(tuple(labels.items()), samples) for labels, samples in content))
    found = []
    for _, series in fields(data):
        labels, samples = {}, []
        for number, value in fields(series):
            one = dict(fields(value))
            if number == 1:
                labels[one[1].decode()] = one[2].decode()
            else:
                samples.append((one[2], one[1]))
        assert list(labels) == sorted(labels)
        found.append((labels, samples))
    assert found == content


def test_a_label_without_a_value_is_no_label():
    assert b"empty" not in body(TimeSeries((("__name__", "up"), ("empty", "")), [(1, 1.0)]))
