"""Nights with another hour, leap days, holidays, revisions in mid-month: whatever the contract, the figures are those of
a reference that looks at every second by itself."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.claims.evaluation import evaluate
from agent.model.availability import Cause, Interval, State
from agent.model.contract import Aggregation, Clock, DownState, DownWhen, Measurement
from agent.model.contract_files import Exclusion, Notice
from agent.model.contract_time import CalendarExceptions, PlannedRules, PlannedWindow, ServiceCalendar, WeeklyHours
from agent.model.verdict import Bounds, Tally
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
    """Each part lasts a second at least; edges have fractions of seconds, and the ledger may not reach all of the time."""
    edges = sorted(draw(st.sets(st.integers(start, end - 2), max_size=10)))
    since = start if draw(st.booleans()) else start + draw(st.integers(0, 20_000))
    parts: list[Interval] = []
    for edge in (one for one in edges if one >= since + 2):
        if parts and edge < parts[-1].end.timestamp() + 2:
            continue
        length = draw(st.sampled_from([1, 59, 61, 119, 300, 301, 4000, 30_000]))
        begin = instant(edge + draw(st.sampled_from([0, 0.25, 0.999999])))
        until = min(instant(end), begin + timedelta(seconds=length))
        state = draw(st.sampled_from([State.DOWN, State.SUSPENDED, State.GUEST_SILENT, State.UNKNOWN]))
        more = {}
        if state is State.DOWN:
            more = {
                "who": draw(st.sampled_from([None, CUSTOMER])),
                "cause": draw(st.sampled_from([Cause.POWER_OFF, Cause.REMOVED])),
            }
        parts.append(interval(begin, until, state, **more))
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
    terms = [
        contract(
            promise(), revision=number, valid_from=day, calendar=draw(calendars()), measurement=measurement,
            planned_windows=tuple(draw(st.lists(windows(day), max_size=1))), planned_rules=PlannedRules(notice_hours=24),
        )
        for number, day in ((1, first), (2, second))
    ]  # fmt: skip
    servers = [named_server(name, instant(start), instant(end)) for name in ("a", "b")]
    records = [
        type(one)(
            vcenter="dc1", vm_id=one.vm_id, ledger=draw(ledgers(start, end, one.vm_id)), identities=one.identities
        )
        for one in servers
    ]
    begin = start + draw(st.integers(0, 80_000))
    notice = Notice(
        id="n", received_at=instant(begin - draw(st.sampled_from([3600, 90_000]))), from_=instant(begin),
        to=instant(begin + draw(st.integers(1, 20_000))), servers=draw(st.sampled_from([("a",), ("a", "b"), ()])),
    )  # fmt: skip
    begin = start + draw(st.integers(0, 80_000))
    exclusion = Exclusion(
        id="x", reason="force-majeure", from_=instant(begin), to=instant(begin + draw(st.integers(1, 20_000))),
        servers=("b",), reference="mail",
    )  # fmt: skip
    return month, (start, change, end), terms, records, notice, exclusion


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


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_every_figure_is_that_of_a_reference_that_looks_at_each_second(case) -> None:
    month, (start, change, end), terms, records, notice, exclusion = case
    files = folder(*terms, notices=(notice,), exclusions=(exclusion,))
    results = evaluate(files, month, evidence(instant(end), *records)).claims
    assert [one.claim.id for one in results] == ["avail"], "the claim is the same in both revisions"
    stretches = [Terms(terms[0], start, change), Terms(terms[1], change, end)]
    kinds = {one.name: kinds_of_seconds(one, stretches, [notice], [exclusion]) for one in records}
    (result,) = results
    counted = {one.name: one.tally for one in result.objects}
    for name, found in kinds.items():
        if set(found) != {NOT_AGREED}:
            assert counted[name] == tally_of(found), name
    assert {how: result.figures.get((Clock.EVENT, how)) for how in figures_of(list(kinds.values()))} == figures_of(
        [found for found in kinds.values() if set(found) != {NOT_AGREED}]
    )
