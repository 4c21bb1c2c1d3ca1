"""Availability of a month, by the worked examples that a person can follow with pencil and paper."""

from datetime import timedelta
from fractions import Fraction

import pytest

from agent.claims.evaluation import evaluate
from agent.claims.month import Month
from agent.model.availability import Cause, State
from agent.model.contract import (
    Aggregation,
    Clock,
    DownState,
    DownWhen,
    Measurement,
    Selector,
    ServiceGroup,
    UnknownTime,
)
from agent.model.contract_files import ReceivedIncident, VendorIncident
from agent.model.contract_time import CalendarExceptions, ServiceCalendar, WeeklyHours
from agent.model.verdict import ClaimResult, Outside, Reason, Verdict
from tests.agent.claims.contracts import (
    at,
    contract,
    evidence,
    folder,
    interval,
    promise,
    renamed,
    seconds,
    server,
)

OCTOBER = Month.of("2026-10", "Europe/Copenhagen")
START, END = OCTOBER.start, OCTOBER.end
OCTOBER_S = 2_682_000
"""31 days and the hour that comes twice"""


def result(*servers, terms=None, until=END, **files) -> ClaimResult:
    files = folder(*([terms] if terms else []), **files)
    (found,) = evaluate(files, "2026-10", evidence(until, *servers)).claims
    return found


def one_server(*parts, name="ad01"):
    return server(name, START, END, parts)


def test_march_has_an_hour_less_and_october_an_hour_more_than_their_days() -> None:
    march, october = (Month.of(name, "Europe/Copenhagen").seconds for name in ("2026-03", "2026-10"))
    assert march[1] - march[0] == 2_674_800 == 31 * 86_400 - 3600
    assert october[1] - october[0] == OCTOBER_S == 31 * 86_400 + 3600


def test_2400_seconds_down_and_900_unknown_of_october_leave_the_verdict_undecided() -> None:
    down = interval(*seconds("2026-10-14T01:00Z", 2400))
    unknown = interval(*seconds("2026-10-20T12:00Z", 900), State.UNKNOWN)
    found = result(one_server(down, unknown))
    assert found.tally is not None
    assert (found.tally.agreed_s, found.tally.down_s, found.tally.unknown_s) == (OCTOBER_S, 2400, 900)
    assert found.bounds == (
        Fraction(100 * (OCTOBER_S - 3300), OCTOBER_S),
        Fraction(100 * (OCTOBER_S - 2400), OCTOBER_S),
    )
    assert [f"{float(one):.6f}" for one in found.bounds] == ["99.876957", "99.910515"]
    assert found.coverage == Fraction(OCTOBER_S - 900, OCTOBER_S)
    assert (found.verdict, found.reason) == (Verdict.UNDECIDED, Reason.UNKNOWN_TIME)


def test_the_second_that_breaks_a_promise_is_the_first_one_over_its_budget() -> None:
    allowed = OCTOBER_S // 1000
    kept = result(one_server(interval(*seconds("2026-10-05T08:00Z", allowed))))
    broken = result(one_server(interval(*seconds("2026-10-05T08:00Z", allowed + 1))))
    assert (kept.verdict, broken.verdict) == (Verdict.MET, Verdict.BREACHED)
    assert kept.budget_s == Fraction(OCTOBER_S, 1000)


def test_too_little_known_gives_no_verdict_and_says_why() -> None:
    found = result(one_server(interval(at("2026-10-01T00:00Z"), at("2026-10-02T00:00Z"), State.UNKNOWN)))
    assert (found.verdict, found.reason) == (Verdict.NO_VERDICT, Reason.LOW_COVERAGE)


def test_what_no_ledger_reaches_is_unknown() -> None:
    found = result(server("ad01", at("2026-10-11T22:00Z"), END))
    assert found.tally is not None
    assert found.tally.unknown_s == 11 * 86_400
    assert found.verdict is Verdict.NO_VERDICT


def test_without_a_server_there_is_no_verdict() -> None:
    found = result()
    assert (found.verdict, found.reason) == (Verdict.NO_VERDICT, Reason.NOT_RECORDED)
    other = ServiceGroup(id="core", select=Selector(names=("^sql",)), calendar="hours")
    found = result(one_server(), terms=contract(service_groups=(other,)))
    assert (found.verdict, found.reason) == (Verdict.NO_VERDICT, Reason.NO_OBJECTS)


def test_four_aggregations_and_both_clocks_are_told_and_the_contract_picks_one() -> None:
    a = one_server(interval(*seconds("2026-10-14T01:00Z", 3600)), name="a")
    b = one_server(interval(*seconds("2026-10-14T01:30Z", 3600)), name="b")
    found = result(a, b, terms=contract(aggregation=Aggregation.ANY_DOWN))
    down = {how: 100 - figure.upper for (clock, how), figure in found.figures.items() if clock is Clock.EVENT}
    assert {how: one * OCTOBER_S / 100 for how, one in down.items()} == {
        Aggregation.PER_VM: 3600,
        Aggregation.POOLED: 3600,  # 7200 of twice the seconds
        Aggregation.ANY_DOWN: 5400,
        Aggregation.ALL_DOWN: 1800,
    }
    assert found.bounds == found.figures[Clock.EVENT, Aggregation.ANY_DOWN]
    assert len(found.figures) == 8


def test_one_server_that_breaks_its_promise_breaks_that_of_the_group() -> None:
    bad = one_server(interval(*seconds("2026-10-14T01:00Z", 9000)), name="bad")
    found = result(one_server(name="good"), bad)
    assert found.verdict is Verdict.BREACHED
    assert [(one.name, one.verdict) for one in found.objects] == [("bad", Verdict.BREACHED), ("good", Verdict.MET)]


def test_the_notified_clock_starts_when_the_vendor_was_told() -> None:
    outage = interval(*seconds("2026-10-14T01:00Z", 3600))
    ticket = VendorIncident(
        id="INC-1", from_=at("2026-10-14T01:10Z"), to=at("2026-10-14T02:00Z"), reported_at=at("2026-10-14T01:40Z")
    )
    terms = contract(measurement=Measurement(clock_start=Clock.NOTIFIED))
    found = result(
        one_server(outage), terms=terms, incidents=(ReceivedIncident(incident=ticket, file="incidents.csv"),)
    )
    assert found.tally is not None
    assert found.tally.down_s == 20 * 60
    assert found.objects[0].outages[0].outside == (Outside.NOT_NOTIFIED,)
    without_ticket = result(one_server(outage), terms=terms)
    assert without_ticket.tally is not None
    assert without_ticket.tally.down_s == 3600, "learned at once"


def test_business_hours_keep_holidays_and_named_days_out() -> None:
    business = ServiceCalendar(
        weekly=(WeeklyHours(days=("mon", "tue", "wed", "thu", "fri"), from_=7 * 3600, to=17 * 3600),),
        except_=CalendarExceptions(holidays="DK", dates=(at("2026-12-24T12:00Z").date(),)),
    )
    december = Month.of("2026-12", "Europe/Copenhagen")
    terms = contract(calendar=business)
    silent = server("ad01", december.start, december.end)
    (found,) = evaluate(folder(terms), "2026-12", evidence(december.end, silent)).claims
    assert found.tally is not None
    assert found.tally.agreed_s == (23 - 2) * 36_000, "23 weekdays without the 24th and Christmas Day"


def test_a_server_counts_from_its_creation_and_until_its_removal() -> None:
    before = interval(START, at("2026-10-11T22:00Z"), cause=Cause.NOT_CREATED)
    after = interval(at("2026-10-21T22:00Z"), END, cause=Cause.REMOVED)
    found = result(one_server(before, after))
    assert found.tally is not None
    assert (found.tally.agreed_s, found.tally.down_s) == (10 * 86_400, 0)


def test_a_removal_is_an_outage_where_the_contract_says_so() -> None:
    removed = Measurement(down_when=(DownWhen(state=DownState.REMOVED),))
    gone = interval(at("2026-10-21T22:00Z"), END, cause=Cause.REMOVED)
    found = result(one_server(gone), terms=contract(measurement=removed))
    assert found.tally is not None
    assert found.tally.down_s == 10 * 86_400 + 3600


def test_a_server_that_moves_into_another_group_is_measured_by_the_terms_of_each() -> None:
    moved = renamed(one_server(), at("2026-10-15T22:00Z"), name="old-ad01")
    only_ad = ServiceGroup(id="core", select=Selector(names=("^ad",)), calendar="hours")
    found = result(moved, terms=contract(service_groups=(only_ad,)))
    assert found.tally is not None
    assert found.tally.agreed_s == 15 * 86_400


def test_short_outages_are_left_out_and_long_ones_rounded_up_where_the_contract_says_so() -> None:
    rules = Measurement(minimum_outage=120, round_outages="up-to-minute")
    short, long_ = interval(*seconds("2026-10-14T01:00Z", 119)), interval(*seconds("2026-10-15T01:00Z", 121))
    found = result(one_server(short, long_), terms=contract(measurement=rules))
    assert found.tally is not None
    assert found.tally.down_s == 180
    assert [one.outside for one in found.objects[0].outages] == [(Outside.TOO_SHORT,), ()]


def test_a_short_outage_beside_unknown_time_may_have_been_a_long_one() -> None:
    rules = Measurement(minimum_outage=120)
    short = interval(*seconds("2026-10-14T01:00Z", 30))
    blind = interval(*seconds("2026-10-14T01:00:30Z", 600), State.UNKNOWN)
    found = result(one_server(short, blind), terms=contract(measurement=rules))
    assert found.tally is not None
    assert (found.tally.down_s, found.tally.unknown_s) == (0, 630)


def test_a_silent_guest_counts_only_once_it_was_silent_for_as_long_as_agreed() -> None:
    rules = Measurement(down_when=(DownWhen(state=DownState.GUEST_HEARTBEAT_RED, for_=300, counts_for=("core",)),))
    short = interval(*seconds("2026-10-14T01:00Z", 299), State.GUEST_SILENT)
    long_ = interval(*seconds("2026-10-15T01:00Z", 300), State.GUEST_SILENT)
    found = result(one_server(short, long_), terms=contract(measurement=rules))
    assert found.tally is not None
    assert found.tally.down_s == 300


@pytest.mark.parametrize(
    ("unknown", "verdict"), [(UnknownTime.COUNTS_AS_UP, Verdict.MET), (UnknownTime.COUNTS_AS_DOWN, Verdict.BREACHED)]
)
def test_unknown_time_is_what_the_contract_holds_it_to_be(unknown, verdict) -> None:
    blind = interval(*seconds("2026-10-14T01:00Z", 9000), State.UNKNOWN)
    assert result(one_server(blind), terms=contract(measurement=Measurement(unknown=unknown))).verdict is verdict


def test_a_revision_in_mid_month_splits_only_the_claims_that_it_changes() -> None:
    old = contract(promise(), promise(id="other"), valid_to=None)
    new = contract(promise("99.5"), promise(id="other"), revision=2, valid_from=at("2026-10-15T12:00Z").date())
    outage = interval(at("2026-10-20T00:00Z"), at("2026-10-20T01:30Z"))
    claims = evaluate(folder(old, new), "2026-10", evidence(END, one_server(outage))).claims
    assert [(one.claim.id, one.revision, one.verdict) for one in claims] == [
        ("avail", 1, Verdict.MET),
        ("other", 2, Verdict.BREACHED),
        ("avail", 2, Verdict.MET),
    ]
    assert claims[0].end == claims[2].start == at("2026-10-14T22:00Z")
    assert (claims[1].start, claims[1].end) == (START, END)


def test_a_running_month_is_judged_up_to_now_and_keeps_its_whole_budget() -> None:
    found = result(one_server(), until=START + timedelta(days=10))
    assert found.tally is not None
    assert (found.tally.agreed_s, found.complete, found.budget_s) == (864_000, False, Fraction(OCTOBER_S, 1000))


def test_a_running_month_is_broken_only_once_its_rest_cannot_make_up_for_it() -> None:
    allowed = OCTOBER_S // 1000
    early = START + timedelta(days=5)
    nearly = result(one_server(interval(*seconds("2026-10-02T01:00Z", allowed))), until=early)
    over = result(one_server(interval(*seconds("2026-10-02T01:00Z", allowed + 1))), until=early)
    assert nearly.bounds is not None
    assert nearly.bounds.upper < Fraction("99.9"), "so far"
    assert (nearly.verdict, nearly.reason) == (Verdict.UNDECIDED, Reason.MONTH_RUNS)
    assert over.verdict is Verdict.BREACHED
    pooled = result(
        one_server(interval(*seconds("2026-10-02T01:00Z", 2 * allowed)), name="a"),
        one_server(name="b"),
        terms=contract(aggregation=Aggregation.POOLED),
        until=early,
    )
    assert (pooled.verdict, pooled.reason) == (Verdict.UNDECIDED, Reason.MONTH_RUNS)
