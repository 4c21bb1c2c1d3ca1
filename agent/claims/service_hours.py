"""Which seconds a service calendar promises: by the wall clock, so that a night of 25 hours has them all."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from agent.claims.public_holidays import public_holidays
from agent.claims.seconds import NOTHING, Stretch, Stretches, instant, united, within
from agent.model.contract_time import ServiceCalendar

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOUR = 3600
_DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - wall clocks are counted from it


def service_hours(calendar: ServiceCalendar, zone: ZoneInfo, start: int, end: int) -> Stretches:
    """The seconds from `start` until just before `end` in which the wall clock shows service hours."""
    if start >= end:
        return NOTHING
    if calendar.always:
        # What is always promised has no days off either, unless they are named.
        if not (calendar.except_.holidays or calendar.except_.dates):
            return ((start, end),)
        weekly = [(set(WEEKDAYS), 0, 24 * _HOUR)]
    else:
        weekly = [(set(one.days), one.from_, one.to) for one in calendar.weekly]
    first = instant(start).astimezone(zone).date() - _DAY
    last = instant(end).astimezone(zone).date()
    off = days_off(calendar, first, last)
    wall: list[Stretch] = []
    for number in range((last - first).days + 1):
        day = first + number * _DAY
        if day in off:
            continue
        midnight = (day - _EPOCH.date()).days * 24 * _HOUR
        for days, opens, closes in weekly:
            if WEEKDAYS[day.weekday()] in days:
                wall.append((midnight + opens, midnight + (closes if closes > opens else closes + 24 * _HOUR)))
    hours = united(wall)
    found = [
        (shown_from - offset, shown_to - offset)
        for begin, until, offset in offsets(zone, start, end)
        for shown_from, shown_to in within(hours, begin + offset, until + offset)
    ]
    return united(found)


def days_off(calendar: ServiceCalendar, first: date, last: date) -> frozenset[date]:
    """Days from `first` to `last` without service hours."""
    found = {day for day in calendar.except_.dates if first <= day <= last}
    if calendar.except_.holidays:
        public = public_holidays(calendar.except_.holidays, range(first.year, last.year + 1))
        found |= {day for day in public if first <= day <= last}
    return frozenset(found)


def offsets(zone: ZoneInfo, start: int, end: int) -> list[tuple[int, int, int]]:
    """The stretch in parts of one offset each: begin, end, seconds that wall clocks are ahead of UTC."""
    found: list[tuple[int, int, int]] = []
    begin, offset = start, _offset(zone, start)
    at = start
    while at < end:
        following = min(at + _HOUR, end)
        if _offset(zone, following) != offset:
            low, high = at, following
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if _offset(zone, middle) == offset else (low, middle)
            if high < end:
                found.append((begin, high, offset))
                begin, offset = high, _offset(zone, high)
        at = following
    found.append((begin, end, offset))
    return found


def _offset(zone: ZoneInfo, at: int) -> int:
    ahead = datetime.fromtimestamp(at, UTC).astimezone(zone).utcoffset()
    return int(ahead.total_seconds()) if ahead else 0
