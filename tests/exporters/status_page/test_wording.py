"""Numbers and times as people read them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporters.status_page.wording import (
    age_text,
    counted,
    duration_text,
    frequency_text,
    iso,
    moment_text,
    natural_key,
    offset_text,
    percent_text,
    sentence_list,
    size_text,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1 KiB"),
        (512 * 1024**2, "512 MiB"),
        (1023.6 * 1024**2, "1.00 GiB"),
        (1_605_000_000_000, "1.46 TiB"),
        (16 * 1024**3, "16 GiB"),
        (12_345_678_901, "11.5 GiB"),
        (5 * 1024**6, "5120 PiB"),
    ],
)
def test_sizes_are_in_binary_units_with_three_figures(count: float, text: str) -> None:
    assert size_text(count) == text


@pytest.mark.parametrize(("mhz", "text"), [(0, "0 MHz"), (999, "999 MHz"), (1250, "1.25 GHz"), (83_200, "83.2 GHz")])
def test_frequencies_change_to_gigahertz_at_a_thousand(mhz: int, text: str) -> None:
    assert frequency_text(mhz) == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [(0, "0 %"), (0.001, "< 1 %"), (0.5, "50 %"), (0.994, "99 %"), (0.999, "> 99 %"), (1, "100 %"), (1.2, "120 %")],
)
def test_what_is_nearly_full_or_nearly_empty_is_not_rounded_to_quite(ratio: float, text: str) -> None:
    assert percent_text(ratio) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (125, "2 min"),
        (3600, "1 h"),
        (3660, "1 h 1 min"),
        (90_000, "1 d 1 h"),
        (86_400 * 11.5, "11 d"),
        (86_400 * 400, "1 y 35 d"),
        (86_400 * 355_418, "973 y"),
        (3600 * 23.99, "23 h 59 min"),
        (86_400 * 3 + 3600 * 4, "3 d 4 h"),
    ],
)
def test_durations_have_at_most_two_units(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


@given(st.floats(min_value=0, max_value=1e9))
def test_a_duration_never_reads_longer_than_it_is(seconds: float) -> None:
    sizes = {"y": 31_536_000, "d": 86_400, "h": 3600, "min": 60, "s": 1}
    words = duration_text(seconds).split()
    told = sum(int(number) * sizes[unit] for number, unit in zip(words[::2], words[1::2], strict=True))
    assert told <= round(seconds)
    assert round(seconds) - told < max(60, round(seconds) / 5), "two units say it well enough, whole minutes too"


@pytest.mark.parametrize(
    ("delta", "text"),
    [
        (timedelta(seconds=12), "12 s ago"),
        (timedelta(milliseconds=-300), "just now"),
        (timedelta(days=-3), "in 3 d"),
        (timedelta(minutes=5), "5 min ago"),
    ],
)
def test_ages_tell_the_past_from_the_future(delta: timedelta, text: str) -> None:
    assert age_text(NOON - delta, NOON) == text


@pytest.mark.parametrize(("seconds", "text"), [(0.42, "+0.4 s"), (-42, "-42.0 s"), (-185, "-3 min")])
def test_a_clock_offset_keeps_its_sign(seconds: float, text: str) -> None:
    assert offset_text(seconds) == text


def test_moments_of_any_zone_are_told_in_utc() -> None:
    copenhagen = datetime(2026, 11, 24, 8, 51, 45, tzinfo=timezone(timedelta(hours=1)))
    assert iso(copenhagen) == "2026-11-24T07:51:45Z"
    assert moment_text(copenhagen) == "2026-11-24 07:51Z"


def test_counts_and_lists_read_like_english() -> None:
    assert counted(1, "host", "hosts") == "1 host"
    assert counted(5000, "VM", "VMs") == "5,000 VMs"
    assert sentence_list([]) == ""
    assert sentence_list(["a"]) == "a"
    assert sentence_list(["a", "b"]) == "a and b"
    assert sentence_list(["a", "b", "c"]) == "a, b and c"


def test_names_sort_by_the_numbers_in_them() -> None:
    assert sorted(["esx10", "ESX2", "esx1", "db"], key=natural_key) == ["db", "esx1", "ESX2", "esx10"]


@given(st.text(), st.text())
def test_any_two_names_can_be_put_in_order(one: str, other: str) -> None:
    assert (natural_key(one) < natural_key(other)) or (natural_key(one) >= natural_key(other))
    assert natural_key("9" * 5000) > natural_key("1"), "longer than Python turns into one number"
