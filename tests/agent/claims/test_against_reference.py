"""Nights with another hour, leap days, holidays, revisions in mid-month: whatever the contract, the figures are those of
a reference that looks at every second by itself."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.claims.evaluation import evaluate
from agent.model.availability import Cause, Evidence, EvidenceKind, Interval, State
from agent.model.claim_evidence import ServerRecord
from agent.model.contract import Aggregation, Clock, Contract, DownState, DownWhen, Measurement
from agent.model.contract_files import Exclusion, Notice, ReceivedIncident, VendorIncident
from agent.model.contract_time import CalendarExceptions, PlannedRules, PlannedWindow, ServiceCalendar, WeeklyHours
from agent.model.verdict import Bounds, ClaimResult, Tally
from tests.agent.claims.contracts import contract, evidence, folder, interval, ledger, promise
from tests.agent.claims.contracts import server as named_server
from tests.agent.claims.slow_reference import (
    DAYS,
    DOWN,
    EXCLUDED,
    NOT_AGREED,
    PLANNED,
    UNKNOWN,
    UP,
    ZONE,
    Terms,
    kinds_of_seconds,
)

CUSTOMER = "KOMMUNE\\anna"
STRETCHES = (
    ("2026-10", date(2026, 10, 24), date(2026, 10, 25), 7),  # clocks go back
    ("2026-03", date(2026, 3, 28), date(2026, 3, 29), 7),  # clocks go forward
    ("2028-02", date(2028, 2, 28), date(2028, 2, 29), 8),  # a leap day
    ("2026-12", date(2026, 12, 24), date(2026, 12, 25), 8),  # a holiday
)
"""Month, first day, day of the second revision, and how many hours of that day are judged."""


def midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=ZONE).timestamp())


def instant(second: float) -> datetime:
    return datetime.fromtimestamp(second, UTC)


@st.composite
def calendars(draw) -> ServiceCalendar:
    days_off = CalendarExceptions(
        holidays=draw(st.sampled_from([None, "DK"])),
        dates=tuple(draw(st.sets(st.sampled_from([one[2] for one in STRETCHES]), max_size=1))),
    )
    if draw(st.booleans()):
        return ServiceCalendar(always=True, except_=days_off)
    quarter = st.integers(0, 96).map(lambda n: n * 900)
    hours = st.builds(
        WeeklyHours,
        days=st.sets(st.sampled_from(DAYS), min_size=3).map(tuple),
        from_=quarter.filter(lambda at: at < 86_400),
        to=quarter,
    )
    return ServiceCalendar(weekly=tuple(draw(st.lists(hours, min_size=1, max_size=2))), except_=days_off)


@st.composite
def windows(draw, first: date) -> PlannedWindow:
    hour, minute = draw(st.sampled_from([(1, 30), (2, 0), (2, 30), (3, 0), (23, 45), (0, 0), (12, 15)]))
    begin = datetime.combine(first, time(hour, minute)) - timedelta(days=draw(st.integers(0, 1)))
    rule = draw(st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=SU", "FREQ=WEEKLY;BYDAY=SA"]))
    return PlannedWindow(id="w", start=begin, rrule=rule, duration=draw(st.sampled_from([600, 3600, 7201, 21_600])))


@st.composite
def ledgers(draw, start: int, end: int, name: str):
    """Each part lasts a second at least; parts may touch, edges have fractions, and not all of the time may be reached."""
    since = start if draw(st.booleans()) else start + draw(st.integers(0, 20_000))
    parts: list[Interval] = []
    reached = instant(since)
    for _ in range(draw(st.integers(0, 9))):
        begin = reached + timedelta(seconds=draw(st.sampled_from([0, 0, 2, 2.25, 59.999999, 4000, 20_000])))
        until = begin + timedelta(seconds=draw(st.sampled_from([1, 59, 60, 61, 119, 120, 300, 301, 4000, 30_000])))
        if until > instant(end):
            break
        state = draw(st.sampled_from([State.DOWN, State.DOWN, State.SUSPENDED, State.GUEST_SILENT, State.UNKNOWN]))
        more = {}
        if state is State.DOWN:
            more["who"] = draw(st.sampled_from([None, CUSTOMER]))
            more["cause"] = draw(st.sampled_from([Cause.POWER_OFF, Cause.POWER_OFF, Cause.REMOVED]))
        if state is not State.UNKNOWN:
            learned = begin + timedelta(seconds=draw(st.sampled_from([0, 30, 5000])))
            more["evidence"] = (Evidence(kind=EvidenceKind.EVENT, name="x", at=begin, learned_at=learned, event_key=1),)
        parts.append(interval(begin, until, state, **more))
        reached = until
    return ledger(instant(since), instant(end), parts, name)


@st.composite
def measurements(draw) -> Measurement:
    return Measurement(
        down_when=(
            DownWhen(state=DownState.POWERED_OFF, unless="customerOrdered"),
            *(
                (DownWhen(state=DownState.GUEST_HEARTBEAT_RED, for_=draw(st.sampled_from([0, 60, 301]))),)
                if draw(st.booleans())
                else ()
            ),
        ),
        customer_users=(r"^KOMMUNE\\",),
        minimum_outage=draw(st.sampled_from([0, 60, 120])),
        round_outages=draw(st.sampled_from(["none", "up-to-minute"])),
    )


@st.composite
def cases(draw):
    month, first, second, hours = draw(st.sampled_from(STRETCHES))
    start, change = midnight(first), midnight(second)
    end = change + hours * 3600
    measurement = draw(measurements())
    rules = PlannedRules(notice_hours=24)
    targets = ("99.9", draw(st.sampled_from(["99.9", "99.5"])))
    terms = [
        contract(
            promise(targets[number - 1]),
            revision=number,
            valid_from=day,
            calendar=draw(calendars()),
            measurement=measurement,
            planned_windows=tuple(draw(st.lists(windows(day), max_size=1))),
            planned_rules=rules,
        )
        for number, day in ((1, first), (2, second))
    ]
    blank = [named_server(name, instant(start), instant(end)) for name in ("a", "b")]
    records = [replace(one, ledger=draw(ledgers(start, end, one.vm_id))) for one in blank]
    begin = start + draw(st.integers(0, 80_000))
    notice = Notice(
        id="n",
        received_at=instant(begin - draw(st.sampled_from([3600, 90_000]))),
        from_=instant(begin),
        to=instant(begin + draw(st.integers(1, 20_000))),
        servers=draw(st.sampled_from([("a",), ("a", "b"), ()])),
    )
    begin = start + draw(st.integers(0, 80_000))
    exclusion = Exclusion(
        id="x",
        reason="force-majeure",
        from_=instant(begin),
        to=instant(begin + draw(st.integers(1, 20_000))),
        servers=("b",),
        reference="mail",
    )
    begin = start + draw(st.integers(0, 80_000))
    ticket = VendorIncident(
        id="t",
        from_=instant(begin),
        to=instant(begin + draw(st.integers(1, 20_000))),
        servers=draw(st.sampled_from([("a",), ()])),
        reported_at=instant(begin + draw(st.integers(0, 3000))) if draw(st.booleans()) else None,
    )
    return Case(month, (start, change, end), terms, records, notice, exclusion, ticket)


class Case(NamedTuple):
    month: str
    edges: tuple[int, int, int]
    terms: list[Contract]
    records: list[ServerRecord]
    notice: Notice
    exclusion: Exclusion
    ticket: VendorIncident


def tally_of(kinds: list[int]) -> Tally:
    count = Counter(kinds)
    return Tally(
        agreed_s=count[UP] + count[DOWN] + count[UNKNOWN],
        down_s=count[DOWN],
        unknown_s=count[UNKNOWN],
        planned_s=count[PLANNED],
        excluded_s=count[EXCLUDED],
    )


def figures_of(kinds: list[list[int]]) -> dict[Aggregation, Bounds]:
    """All four ways, by looking at each second of all servers."""
    each = [bounds for bounds in (tally_of(one).bounds for one in kinds) if bounds]
    if not each:
        return {}
    sums = Counter(kind for one in kinds for kind in one)
    agreed = sums[UP] + sums[DOWN] + sums[UNKNOWN]
    found = {
        Aggregation.PER_VM: Bounds(min(one.lower for one in each), min(one.upper for one in each)),
        Aggregation.POOLED: Bounds(
            Fraction(100 * sums[UP], agreed), Fraction(100 * (sums[UP] + sums[UNKNOWN]), agreed)
        ),
    }
    columns = Counter(zip(*kinds, strict=True))
    for how, bad in ((Aggregation.ANY_DOWN, any), (Aggregation.ALL_DOWN, all)):
        total = down = perhaps = 0
        for column, count in columns.items():
            promised = [kind for kind in column if kind in {UP, DOWN, UNKNOWN}]
            if promised:
                total += count
                down += count * bad(kind == DOWN for kind in promised)
                perhaps += count * bad(kind in {DOWN, UNKNOWN} for kind in promised)
        found[how] = Bounds(Fraction(100 * (total - perhaps), total), Fraction(100 * (total - down), total))
    return found


def checked(result: ClaimResult, records: list[ServerRecord], kinds: list[list[list[int]]]) -> None:
    """`kinds` has for either clock what each second of each server is."""
    counted = {one.name: one.tally for one in result.objects}
    for clock, of_servers in zip((Clock.EVENT, Clock.NOTIFIED), kinds, strict=True):
        promised = [found for found in of_servers if set(found) != {NOT_AGREED}]
        wanted = figures_of(promised)
        assert {how: figure for (by, how), figure in result.figures.items() if by is clock} == wanted, clock
        if clock is Clock.EVENT:
            for record, found in zip(records, of_servers, strict=True):
                if set(found) != {NOT_AGREED}:
                    assert counted[record.name] == tally_of(found), record.name


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_every_figure_is_that_of_a_reference_that_looks_at_each_second(case: Case) -> None:
    start, change, end = case.edges
    told = (ReceivedIncident(incident=case.ticket, file="incidents.csv"),)
    files = folder(*case.terms, notices=(case.notice,), exclusions=(case.exclusion,), incidents=told)
    results = evaluate(files, case.month, evidence(instant(end), *case.records)).claims
    stretches = [Terms(case.terms[0], start, change), Terms(case.terms[1], change, end)]
    same = case.terms[0].spec.claims == case.terms[1].spec.claims
    assert len(results) == (1 if same else 2), "a claim is split where a revision changes it"
    for result, some in zip(results, [stretches] if same else [[stretches[0]], [stretches[1]]], strict=True):
        kinds = [
            [kinds_of_seconds(one, some, case.notice, case.exclusion, ticket) for one in case.records]
            for ticket in (None, case.ticket)
        ]
        checked(result, case.records, kinds)
