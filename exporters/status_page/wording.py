"""Numbers and times as people read them. Pure; nothing here decides anything."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

MIB = 1024**2
_BINARY_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
_DURATION_UNITS = ((31_536_000, "y"), (86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
_CLOCK_NOISE_S = 1.0


def size_text(count: float) -> str:
    """Bytes in binary units with three figures: `1.46 TiB`, `512 MiB`, `16 GiB`."""
    value, unit = float(count), _BINARY_UNITS[0]
    for unit in _BINARY_UNITS:
        if abs(value) < 1023.5 or unit == _BINARY_UNITS[-1]:
            break
        value /= 1024
    return f"{_three_figures(value)} {unit}"


def frequency_text(mhz: float) -> str:
    """MHz below 1 GHz, else GHz with three figures."""
    return f"{mhz:.0f} MHz" if mhz < 1000 else f"{_three_figures(mhz / 1000)} GHz"


def percent_text(ratio: float) -> str:
    """A ratio as a whole percentage; never 100 % for what is not full, nor 0 % for what is not empty."""
    percent = round(ratio * 100)
    if percent >= 100 and ratio < 1:
        return "> 99 %"
    if percent <= 0 and ratio > 0:
        return "< 1 %"
    return f"{percent} %"


def duration_text(seconds: float) -> str:
    """The two largest units: `3 d 4 h`, `5 min`, `12 s`. The second is left out where it is 0, or says little."""
    rest = round(abs(seconds))
    for (size, unit), (next_size, next_unit) in pairwise(_DURATION_UNITS):
        if rest >= size:
            count, second = rest // size, rest % size // next_size
            brief = second == 0 or unit == "min" or (count >= 10 and unit != "h")
            return f"{count} {unit}" if brief else f"{count} {unit} {second} {next_unit}"
    return f"{rest} s"


def age_text(then: datetime, now: datetime) -> str:
    """How long ago: `12 s ago`; `just now` within a second either way, `in 3 d` for what is to come."""
    seconds = (now - then).total_seconds()
    if abs(seconds) < _CLOCK_NOISE_S:
        return "just now"
    return f"{duration_text(seconds)} ago" if seconds > 0 else f"in {duration_text(seconds)}"


def offset_text(seconds: float) -> str:
    """A clock's offset with its sign: `+0.4 s`, `-3 min`, `0.0 s` for what cannot be told from none."""
    if abs(seconds) < 0.05:
        return "0.0 s"
    sign = "-" if seconds < 0 else "+"
    return f"{sign}{abs(seconds):.1f} s" if abs(seconds) < 60 else f"{sign}{duration_text(seconds)}"


def iso(moment: datetime) -> str:
    """UTC to the second, as `<time datetime>` wants it: `2026-11-24T07:51:45Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_text(moment: datetime) -> str:
    """UTC to the minute, with a blank for easier reading: `2026-11-24 07:51Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%MZ")


def counted(count: int, one: str, many: str) -> str:
    """`1 host`, `2 hosts`, `5,000 VMs`."""
    return f"{count:,} {one if count == 1 else many}"


def sentence_list(parts: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1]))) if parts else ""


def natural_key(text: str) -> list[str | int]:
    """Sorts `esx2` before `esx10`, regardless of case."""
    # at most 18 digits a number: longer runs are not numbers to anyone
    pieces = re.split(r"([0-9]{1,18})", text.casefold())
    return [int(piece) if index % 2 else piece for index, piece in enumerate(pieces)]


def since_text(then: datetime, now: datetime) -> str:
    """For sentences: `for 3 min`."""
    return f"for {duration_text(max(timedelta(0), now - then).total_seconds())}"


def _three_figures(value: float) -> str:
    if abs(value) >= 100 or value == round(value):
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
