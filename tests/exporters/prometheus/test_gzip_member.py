"""Parts that were compressed apart, read as one by the standard library, which checks checksum and length."""

import gzip

import pytest

from exporters.prometheus.gzip_member import NOTHING, chunk, gzip_member

SIZES = (0, 1, 65_535, 65_536, 65_537, 200_000)


@pytest.mark.parametrize("first", SIZES)
@pytest.mark.parametrize("second", SIZES)
def test_parts_of_any_length_make_one_member(first, second):
    one, other = b"ab" * (first // 2) + b"c" * (first % 2), b"\x00xyz" * (second // 4) + b"d" * (second % 4)
    for parts in ([chunk(one), chunk(other)], [chunk(one) + chunk(other)], [NOTHING + chunk(one), chunk(other)]):
        assert gzip.decompress(gzip_member(parts)) == one + other


def test_no_part_is_an_empty_member():
    assert gzip.decompress(gzip_member(())) == gzip.decompress(gzip_member((NOTHING,))) == b""
