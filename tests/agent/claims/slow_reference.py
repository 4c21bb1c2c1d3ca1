"""The definitions of docs/contract.md once more, second by second, with none of the agent's arithmetic.

Slow and plain: every second of a stretch is looked at by itself, by the wall clock that it has in Copenhagen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from agent.model.availability import Cause, State
from agent.model.claim_evidence import ServerRecord
from agent.model.contract import Contract
from agent.model.contract_files import Exclusion, Notice
from agent.model.contract_time import PlannedWindow, ServiceCalendar

ZONE = ZoneInfo("Europe/Copenhagen")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLIDAYS = {date(2026, 12, 25), date(2026, 12, 26), date(2026, 4, 2), date(2026, 4, 3)}
"""Danish ones that lie in the stretches that are tested."""
UP, DOWN, UNKNOWN, NOT_AGREED, PLANNED, EXCLUDED = range(6)


@cache
def wall_clock(start: int, end: int) -> tuple[tuple[date, int], ...]:
    """Of each second the local date and the seconds that clocks show since midnight."""
    found = []
    for second in range(start, end):
        local = datetime.fromtimestamp(second, ZONE)
        found.append((local.date(), local.hour * 3600 + local.minute * 60 + local.second))
    return tuple(found)


def in_hours(calendar: ServiceCalendar, day: date, clock: int) -> bool:
    """Whether clocks that show this show service hours."""

    def off(one: date) -> bool:
        return one in calendar.except_.dates or (calendar.except_.holidays is not None and one in HOLIDAYS)

    if calendar.always:
        return not off(day)
    yesterday = day - timedelta(days=1)
    for hours in calendar.weekly:
        overnight = hours.to <= hours.from_
        today = DAYS[day.weekday()] in hours.days and not off(day)
        if today and hours.from_ <= clock and (overnight or clock < hours.to):
            return True
        if overnight and DAYS[yesterday.weekday()] in hours.days and not off(yesterday) and clock < hours.to:
            return True
    return False


@lru_cache(maxsize=8)
def hours_of(calendar: ServiceCalendar, start: int, end: int) -> tuple[bool, ...]:
    """Of each second whether it is promised."""
    return tuple(in_hours(calendar, *shown) for shown in wall_clock(start, end))


@lru_cache(maxsize=8)
def planned_seconds(window: PlannedWindow, start: int, end: int) -> frozenset[int]:
    """Every second of every occurrence, found by looking when clocks show its begin."""
    early = start - 86_400
    shown = wall_clock(early, end)
    wanted = window.start.hour * 3600 + window.start.minute * 60
    weekday = window.rrule.partition("BYDAY=")[2].lower()
    found: set[int] = set()
    for day in sorted({day for day, _ in shown}):
        if day < window.start.date() or (weekday and DAYS[day.weekday()][:2] != weekday):
            continue
        begin = next((early + n for n, one in enumerate(shown) if one == (day, wanted)), None)
        if begin is None:  # clocks skip it: as much later as they skip
            begin = next((early + n for n, one in enumerate(shown) if one == (day, wanted + 3600)), None)
        if begin is not None:
            found |= set(range(begin, begin + window.duration))
    return frozenset(found)


@dataclass(frozen=True)
class Terms:
    """A revision, and the seconds in which it holds."""

    contract: Contract
    start: int
    end: int


def kinds_of_seconds(
    server: ServerRecord, terms: Sequence[Terms], notices: Sequence[Notice], exclusions: Sequence[Exclusion]
) -> list[int]:
    """What each second of all the terms together is, for one server."""
    start, end = terms[0].start, terms[-1].end
    raw = _raw(server, terms[0].contract, start, end)
    found = []
    for one in terms:
        spec = one.contract.spec
        planned: set[int] = set()
        for window in spec.planned_windows:
            planned |= planned_seconds(window, one.start, one.end)
        for notice in notices:
            in_time = (notice.from_ - notice.received_at).total_seconds() >= spec.planned_rules.notice_hours * 3600
            if in_time and server.name in notice.servers:
                planned |= set(range(int(notice.from_.timestamp()), int(notice.to.timestamp())))
        excluded: set[int] = set()
        for exclusion in exclusions:
            if server.name in exclusion.servers:
                excluded |= set(range(int(exclusion.from_.timestamp()), int(exclusion.to.timestamp())))
        hours = hours_of(spec.calendars["hours"], one.start, one.end)
        for second in range(one.start, one.end):
            state = raw[second - start]
            if state == "absent" or not hours[second - one.start]:
                found.append(NOT_AGREED)
            elif second in planned:
                found.append(PLANNED)
            elif second in excluded or state == "customer":
                found.append(EXCLUDED)
            else:
                found.append({"down": DOWN, "unknown": UNKNOWN, "up": UP}[state])
    return found


def _raw(server: ServerRecord, contract: Contract, start: int, end: int) -> list[str]:
    """Up, down, unknown, absent or customer, as the contract's words have it, of each second."""
    rules = contract.spec.measurement
    silent_for = next((rule.for_ for rule in rules.down_when if rule.state == "guestHeartbeatRed"), None)
    states = ["unknown"] * (end - start)
    for interval in server.ledger.intervals:
        first, last = interval.start.timestamp(), interval.end.timestamp()
        for second in range(max(start, -int(-first // 1)), min(end, -int(-last // 1))):
            states[second - start] = _word(interval.state, interval.cause, interval.who)
    _runs(states, "silent", lambda length: "down" if silent_for is not None and length >= silent_for else "up")
    least = rules.minimum_outage
    begin = 0
    words = list(states)
    while begin < len(states):
        if states[begin] != "down":
            begin += 1
            continue
        after = begin
        while after < len(states) and states[after] == "down":
            after += 1
        length = after - begin
        if length >= least:
            if rules.round_outages == "up-to-minute":
                for second in range(after, min(len(words), begin + -(-length // 60) * 60)):
                    words[second] = "down" if words[second] in {"up", "unknown"} else words[second]
        else:
            beside = 0
            while begin - beside > 0 and states[begin - beside - 1] == "unknown":
                beside += 1
            further = after
            while further < len(states) and states[further] == "unknown":
                further += 1
            possible = length + beside + further - after >= least
            words[begin:after] = ["unknown" if possible else "up"] * length
        begin = after
    return words


def _word(state: State, cause: Cause | None, who: str | None) -> str:
    if cause in {Cause.NOT_CREATED, Cause.REMOVED}:
        return "absent"
    if state is State.GUEST_SILENT:
        return "silent"
    if state is State.UNKNOWN:
        return "unknown"
    if state in {State.DOWN, State.SUSPENDED}:
        return "customer" if who == "KOMMUNE\\anna" else "down"
    return "up"


def _runs(states: list[str], word: str, becomes) -> None:
    begin = 0
    while begin < len(states):
        after = begin
        while after < len(states) and states[after] == word:
            after += 1
        if after > begin:
            states[begin:after] = [becomes(after - begin)] * (after - begin)
        begin = max(after, begin + 1)
