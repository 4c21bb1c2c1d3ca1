"""Time that is nobody's fault: windows, notices, exclusions, and what the customer wanted."""

from datetime import datetime, timedelta

import pytest

from agent.claims.evaluation import evaluate
from agent.claims.month import Month
from agent.claims.recurrence import occurrences
from agent.claims.seconds import second
from agent.model.contract import (
    DownState,
    DownWhen,
    Measurement,
)
from agent.model.contract_files import Exclusion, Notice
from agent.model.contract_time import PlannedRules, PlannedWindow
from agent.model.verdict import ClaimResult, Outside
from tests.agent.claims.contracts import (
    at,
    contract,
    evidence,
    folder,
    interval,
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


WINDOW = PlannedWindow(
    id="patch-sunday",
    start=at("2026-01-11T02:00Z").replace(tzinfo=None),
    rrule="FREQ=MONTHLY;BYDAY=2SU",
    duration=14_400,
)


def test_planned_time_leaves_both_sides_of_the_fraction_and_an_overrun_counts_from_the_announced_end() -> None:
    # 11 October 2026, 02:00 to 06:00 in Copenhagen is 00:00 to 04:00 UTC
    outage = interval(at("2026-10-11T03:00Z"), at("2026-10-11T04:30Z"))
    terms = contract(planned_windows=(WINDOW,))
    found = result(one_server(outage), terms=terms)
    assert found.tally is not None
    assert (found.tally.agreed_s, found.tally.planned_s, found.tally.down_s) == (OCTOBER_S - 14_400, 14_400, 1800)
    (counted,) = found.objects[0].outages
    assert (counted.seconds, counted.counted_s, counted.references) == (5400, 1800, ("patch-sunday",))
    month = evaluate(folder(terms), "2026-10", evidence(END, one_server(outage)))
    assert [(one.accepted, one.used_s, one.overrun_s) for one in month.planned] == [(True, 3600, 1800)]


def test_no_more_of_a_window_than_the_contract_allows_in_a_month_is_planned() -> None:
    weekly = PlannedWindow(
        id="weekly", start=WINDOW.start, rrule="FREQ=WEEKLY;BYDAY=SU", duration=14_400, max_per_month=18_000
    )
    found = result(one_server(), terms=contract(planned_windows=(weekly,)))
    assert found.tally is not None
    assert found.tally.planned_s == 18_000


@pytest.mark.parametrize(
    ("received", "servers", "why"),
    [
        ("2026-10-01T08:00Z", ("ad*",), None),
        ("2026-10-12T08:00Z", ("ad*",), "late_notice"),
        ("2026-10-01T08:00Z", (), "no_servers"),
        ("2026-10-01T08:00Z", ("sql*",), None),
    ],
)
def test_a_notice_excludes_only_what_it_names_and_only_in_time(received, servers, why) -> None:
    notice = Notice(
        id="CHG-1",
        received_at=at(received),
        from_=at("2026-10-14T01:00Z"),
        to=at("2026-10-14T02:00Z"),
        servers=servers,
    )
    terms = contract(planned_rules=PlannedRules(notice_hours=120))
    outage = interval(at("2026-10-14T01:00Z"), at("2026-10-14T02:00Z"))
    month = evaluate(folder(terms, notices=(notice,)), "2026-10", evidence(END, one_server(outage)))
    assert month.planned[0].why_not == why
    tally = month.claims[0].tally
    assert tally is not None
    assert tally.down_s == (0 if servers == ("ad*",) and why is None else 3600)


def test_an_exclusion_needs_a_reason_that_the_contract_accepts() -> None:
    flood = Exclusion(
        id="X-1", reason="force-majeure", from_=at("2026-10-14T01:00Z"), to=at("2026-10-14T02:00Z"), reference="mail"
    )
    outage = interval(at("2026-10-14T01:30Z"), at("2026-10-14T02:30Z"))
    accepted = result(one_server(outage), exclusions=(flood,))
    refused = result(one_server(outage), terms=contract(exclusions=()), exclusions=(flood,))
    assert accepted.tally is not None
    assert refused.tally is not None
    assert (accepted.tally.down_s, accepted.tally.excluded_s, refused.tally.down_s) == (1800, 3600, 3600)


def test_what_a_user_of_the_customer_switches_off_is_not_held_against_the_vendor() -> None:
    ordered = Measurement(
        down_when=(DownWhen(state=DownState.POWERED_OFF, unless="customerOrdered"),), customer_users=(r"^KOMMUNE\\",)
    )
    ours = interval(*seconds("2026-10-14T01:00Z", 3600), who=r"KOMMUNE\anna")
    theirs = interval(*seconds("2026-10-15T01:00Z", 60), who=r"DRIFT\bo")
    found = result(one_server(ours, theirs), terms=contract(measurement=ordered))
    assert found.tally is not None
    assert (found.tally.down_s, found.tally.excluded_s) == (60, 3600)
    assert [one.outside for one in found.objects[0].outages] == [(Outside.CUSTOMER,), ()]


@pytest.mark.parametrize(
    ("day", "clock", "begins"),
    [
        ("2026-10-25", "02:30", "2026-10-25T00:30Z"),  # comes twice: the first
        ("2026-03-29", "02:30", "2026-03-29T01:30Z"),  # is skipped: 03:30 by the clock
        ("2026-03-29", "01:30", "2026-03-29T00:30Z"),
        ("2026-10-25", "04:00", "2026-10-25T03:00Z"),
    ],
)
def test_a_window_begins_by_the_wall_clock_and_lasts_in_real_time_in_nights_of_23_and_25_hours(
    day: str, clock: str, begins: str
) -> None:
    first = datetime.fromisoformat(f"{day}T{clock}") - timedelta(days=364)
    window = PlannedWindow(id="w", start=first, rrule="FREQ=WEEKLY", duration=10_800)
    start = second(at(f"{day}T00:00Z")) - 12 * 3600
    (found,) = occurrences(window, OCTOBER.zone, start, start + 86_400)
    assert found == (second(at(begins)), second(at(begins)) + 10_800)


def test_an_outage_of_exactly_the_least_length_counts() -> None:
    rules = Measurement(minimum_outage=120)
    found = result(one_server(interval(*seconds("2026-10-14T01:00Z", 120))), terms=contract(measurement=rules))
    assert found.tally is not None
    assert found.tally.down_s == 120
