"""Days as commands are given them, and the moment that a day stands for."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

import click

from agent.cli.ledger_file import FIRST_YEAR, LAST_YEAR

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class DayType(click.ParamType):  # type: ignore[type-arg]  # generic only since click 8.3, at runtime too
    """`2026-10-31`."""

    name = "DAY"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day."""
        if isinstance(value, date):
            return value
        try:
            found = date.fromisoformat(value) if _DAY.fullmatch(value) else None
        except ValueError:
            found = None
        if found is None or not FIRST_YEAR < found.year < LAST_YEAR:
            self.fail(f"{value!r} is no day, such as 2026-10-31", param, ctx)
        return found


DAY = DayType()


def end_of(day: date, zone: tzinfo, now: datetime) -> datetime:
    """The last moment of a day by local clocks, in UTC; now, if the day is not over."""
    following = day + timedelta(days=1)
    midnight = datetime(following.year, following.month, following.day, tzinfo=zone).astimezone(UTC)
    return min(midnight - timedelta(microseconds=1), now)
