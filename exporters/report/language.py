"""What a report says in a language: its texts, and how it writes numbers and times. Texts are in da.toml and en.toml."""

import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from agent.dataclass import dataclass

LANGUAGES = ("da", "en")
_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))


@dataclass(frozen=True, slots=True)
class Language:
    """Texts by section and key."""

    code: str
    texts: Mapping[str, Mapping[str, str]]

    def text(self, section: str, key: str, **values: object) -> str:
        """One text, with `{name}` filled in. KeyError where there is none: a test holds both languages complete."""
        found = self.texts[section][key]
        return found.format(**values) if values else found

    def number(self, value: Fraction | int | None, decimals: int = 2, *, whole: bool = False) -> str:
        """Cut off after so many decimals, never rounded; noughts at the end are left out if `whole` is true."""
        if value is None:
            return self.text("words", "unknown")
        scaled = abs(Fraction(value)) * 10**decimals
        digits = f"{scaled.numerator // scaled.denominator:0{decimals + 1}d}"
        before, after = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
        if whole:
            after = after.rstrip("0")
        grouped = f"{int(before):,}".replace(",", self.text("number", "thousands"))
        sign = "\N{MINUS SIGN}" if value < 0 and int(digits) else ""
        return f"{sign}{grouped}{self.text('number', 'decimal') + after if after else ''}"

    def signed(self, value: Fraction | int, decimals: int = 2) -> str:
        """With a plus where it is more than nothing."""
        return ("+" if value > 0 else "") + self.number(value, decimals, whole=True)

    def moment(self, at: datetime | None, zone: ZoneInfo) -> str:
        """Day and time by local clocks, to the second, with the offset."""
        if at is None:
            return self.text("words", "unknown")
        local = at.astimezone(zone)
        offset = local.strftime("%z")
        return f"{local.strftime(self.text('time', 'moment'))} {offset[:3]}:{offset[3:]}"

    def utc(self, at: datetime) -> str:
        """The same in UTC, as computers write it."""
        return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"

    def day(self, at: datetime, zone: ZoneInfo) -> str:
        """A day by local clocks."""
        return at.astimezone(zone).strftime(self.text("time", "day"))

    def month(self, name: str) -> str:
        """`2026-10` as October 2026."""
        year, number = name.split("-")
        return f"{self.text('months', str(int(number)))} {year}"

    def length(self, seconds: float) -> str:
        """`47 min 18 s`, exact; no more than two units where it is longer than a day."""
        rest, parts = round(abs(seconds)), []
        for size, unit in _UNITS:
            if rest >= size:
                parts.append(f"{rest // size} {self.text('length', unit)}")
                rest %= size
        found = " ".join(parts[:3] if len(parts) < 4 else parts[:2]) or f"0 {self.text('length', 's')}"
        return f"\N{MINUS SIGN}{found}" if seconds < 0 else found


@cache
def language(code: str) -> Language:
    """One of LANGUAGES."""
    file = resources.files(__package__).joinpath(f"{code}.toml")
    texts: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    return Language(code, texts)
