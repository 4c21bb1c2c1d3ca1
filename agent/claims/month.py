"""A calendar month by the clocks of a time zone."""

from datetime import UTC, date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from agent.claims.seconds import second
from agent.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Month:
    """From local midnight on the first day to local midnight on the first day of the next month."""

    year: int
    number: int
    zone: ZoneInfo

    @classmethod
    def of(cls, name: str, zone: ZoneInfo | str) -> Self:
        """`2026-10`."""
        year, number = name.split("-")
        return cls(int(year), int(number), zone if isinstance(zone, ZoneInfo) else ZoneInfo(zone))

    @classmethod
    def holding(cls, at: datetime, zone: ZoneInfo | str) -> Self:
        """The month that an instant lies in."""
        there = zone if isinstance(zone, ZoneInfo) else ZoneInfo(zone)
        local = at.astimezone(there)
        return cls(local.year, local.month, there)

    @property
    def name(self) -> str:
        """`2026-10`."""
        return f"{self.year:04}-{self.number:02}"

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        return self.following.first_day - timedelta(days=1)

    @property
    def following(self) -> Self:
        """The next month."""
        return type(self)(self.year + self.number // 12, self.number % 12 + 1, self.zone)

    @property
    def previous(self) -> Self:
        """The month before."""
        return type(self)(self.year - (self.number == 1), (self.number - 2) % 12 + 1, self.zone)

    @property
    def start(self) -> datetime:
        """First instant, UTC."""
        return utc_midnight(self.first_day, self.zone)

    @property
    def end(self) -> datetime:
        """First instant after it, UTC."""
        return self.following.start

    @property
    def seconds(self) -> tuple[int, int]:
        """First second, and first second after it."""
        return second(self.start), second(self.end)


def utc_midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins, in UTC."""
    return utc(datetime(day.year, day.month, day.day), zone)  # noqa: DTZ001 - a wall clock's time, given its zone next


def utc(wall: datetime, zone: ZoneInfo) -> datetime:
    """A wall clock's time in UTC: the first of two where it comes twice, moved on by the gap where clocks skip it."""
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
