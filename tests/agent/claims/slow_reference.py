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
from agent.model.contract_files import Exclusion, Notice, VendorIncident
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
    server: ServerRecord,
    terms: Sequence[Terms],
    notice: Notice,
    exclusion: Exclusion,
    ticket: VendorIncident | None,
) -> list[int]:
    """What each second of all the terms together is, for one server; with a ticket by the clock that it starts."""
    start, end = terms[0].start, terms[-1].end
    raw = _raw(server, terms[0].contract, ticket)[start - _first(server) : end - _first(server)]
    found = []
    for one in terms:
        spec = one.contract.spec
        planned: set[int] = set()
        for window in spec.planned_windows:
            planned |= planned_seconds(window, one.start, one.end)
        in_time = (notice.from_ - notice.received_at).total_seconds() >= spec.planned_rules.notice_hours * 3600
        if in_time and server.name in notice.servers:
            planned |= set(range(int(notice.from_.timestamp()), int(notice.to.timestamp())))
        excluded: set[int] = set()
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


def _first(server: ServerRecord) -> int:
    """Whole stretches begin where the servers of all tests do: at local midnight, a day at most before their ledger."""
    begin = datetime.fromtimestamp(server.ledger.start.timestamp(), ZONE)
    return int(begin.replace(hour=0, minute=0, second=0, microsecond=0).timestamp())


def _raw(server: ServerRecord, contract: Contract, ticket: VendorIncident | None) -> list[str]:
    """Up, down, unknown, absent or customer, as the contract's words have it, of each second from `_first` on."""
    rules = contract.spec.measurement
    start, end = _first(server), int(server.ledger.end.timestamp())
    silent_for = next((rule.for_ for rule in rules.down_when if rule.state == "guestHeartbeatRed"), None)
    states = ["unknown"] * (end - start)
    learned = [0.0] * (end - start)
    for interval in server.ledger.intervals:
        first, last = interval.start.timestamp(), interval.end.timestamp()
        for second in range(max(start, -int(-first // 1)), min(end, -int(-last // 1))):
            states[second - start] = _word(interval.state, interval.cause, interval.who)
            learned[second - start] = interval.evidence[0].learned_at.timestamp() if interval.evidence else 0.0
    for begin, after in _runs(states, "silent"):
        long = silent_for is not None and after - begin >= silent_for
        states[begin:after] = ["down" if long else "up"] * (after - begin)
    words = list(states)
    down: set[int] = set()
    told: set[int] = set()
    for begin, after in _runs(states, "down"):
        length = after - begin
        if length < rules.minimum_outage:
            around = _length_before(states, begin) + _length_after(states, after)
            possible = length + around >= rules.minimum_outage
            words[begin:after] = ["unknown" if possible else "up"] * length
            continue
        rounded = -(-length // 60) * 60 if rules.round_outages == "up-to-minute" else length
        counted = range(begin, min(len(words), begin + rounded))
        down |= set(counted)
        if ticket is not None:
            known = _known(server, ticket, (start + begin, start + begin + rounded), min(learned[begin:after]))
            told |= {second for second in counted if start + second >= known}
    for second in down:
        if words[second] != "absent":
            words[second] = "down" if ticket is None or second in told else "up"
    return words


def _known(server: ServerRecord, ticket: VendorIncident, run: tuple[int, int], learned: float) -> int:
    """From when on the vendor knew."""
    of_this = not ticket.servers or server.name in ticket.servers
    meets = ticket.from_.timestamp() < run[1] and ticket.to.timestamp() > run[0]
    if ticket.reported_at is not None and of_this and meets:
        return int(ticket.reported_at.timestamp())
    return -int(-learned // 1)


def _length_before(states: list[str], begin: int) -> int:
    length = 0
    while begin - length > 0 and states[begin - length - 1] == "unknown":
        length += 1
    return length


def _length_after(states: list[str], after: int) -> int:
    length = 0
    while after + length < len(states) and states[after + length] == "unknown":
        length += 1
    return length


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


def _runs(states: list[str], word: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for second, state in enumerate(states):
        if state != word:
            continue
        if found and found[-1][1] == second:
            found[-1] = (found[-1][0], second + 1)
        else:
            found.append((second, second + 1))
    return found
