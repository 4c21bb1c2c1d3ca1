"""When a planned window comes round: RFC 5545 rules over a wall clock."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from agent.claims.month import utc
from agent.claims.seconds import Stretch, instant, second
from agent.model.contract_time import PlannedWindow

_FREQUENCY = re.compile("DAILY|WEEKLY|MONTHLY|YEARLY")
_NUMBER = re.compile("[1-9][0-9]{0,3}")
_SLACK = timedelta(days=2)
"""More than any clock is ahead of or behind UTC."""


def wrong_with(window: PlannedWindow) -> str | None:
    """Why its rule cannot be understood; None if it can."""
    parts: dict[str, str] = {}
    for part in window.rrule.split(";"):
        key, _, value = part.partition("=")
        if not value:
            return f"{part!r} is not KEY=VALUE, as in FREQ=MONTHLY;BYDAY=2SU"
        parts[key] = value
    if not _FREQUENCY.fullmatch(parts.get("FREQ", "")):
        return "FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY"
    for key in ("INTERVAL", "COUNT"):
        if key in parts and not _NUMBER.fullmatch(parts[key]):
            return f"{key} must be a whole number from 1"
    if "UNTIL" in parts and parts["UNTIL"].endswith("Z"):
        return "UNTIL is by the wall clock, as `start` is: without Z"
    if {"DTSTART", "RRULE", "BYHOUR", "BYMINUTE", "BYSECOND"} & parts.keys():
        return "the time of day stands in `start`, not in the rule"
    try:
        _rule(window)
    except (ValueError, TypeError) as error:
        return f"is no rule of RFC 5545: {error}"
    return None


def occurrences(window: PlannedWindow, zone: ZoneInfo, start: int, end: int) -> list[Stretch]:
    """Every occurrence that has a second in the stretch, whole: begins by the wall clock, lasts in real time.

    A begin that clocks skip moves on by the gap; of one that comes twice the first counts.
    """
    earliest = instant(start - window.duration).astimezone(zone).replace(tzinfo=None) - _SLACK
    latest = instant(end).astimezone(zone).replace(tzinfo=None) + _SLACK
    found = []
    for wall in _between(window, earliest, latest):
        begin = second(utc(wall, zone))
        if begin < end and begin + window.duration > start:
            found.append((begin, begin + window.duration))
    return sorted(found)


def _between(window: PlannedWindow, earliest: datetime, latest: datetime) -> list[datetime]:
    if latest < window.start:
        return []
    found: list[datetime] = _rule(window).between(earliest, latest, inc=True)
    return found


def _rule(window: PlannedWindow) -> Any:
    return rrulestr(window.rrule, dtstart=window.start)
