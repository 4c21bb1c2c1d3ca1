"""What breaches are worth, and the sentences that say why."""

from datetime import timedelta
from fractions import Fraction

import pytest

from agent.claims.evaluation import evaluate
from agent.claims.month import Month
from agent.model.availability import State
from agent.model.contract_claims import CreditBand, Credits
from agent.model.contract_files import DocumentReference, VendorReport
from agent.model.verdict import Credit, CreditState, MonthResult
from agent.model.verdict_sentences import sentence
from agent.model.verdict_words import duration_words, figure
from tests.agent.claims.contracts import at, contract, evidence, folder, interval, promise, seconds, server

OCTOBER = Month.of("2026-10", "Europe/Copenhagen")
START, END = OCTOBER.start, OCTOBER.end
BANDS = tuple(
    CreditBand(below=Fraction(below), percent=Fraction(percent))
    for below, percent in (("99.9", 2), ("99.5", 5), ("99", 10))
)
FEES = {"monthly": Fraction(40_000)}


def month(*claims, down_s=0, unknown_s=0, now=END, report=None, servers=1, earlier=()) -> MonthResult:
    parts = [interval(*seconds("2026-10-14T01:00Z", down_s))] if down_s else []
    parts += [interval(*seconds("2026-10-20T01:00Z", unknown_s), State.UNKNOWN)] if unknown_s else []
    some = [server(f"s{n}", START, END, parts) for n in range(servers)]
    files = folder(contract(*claims, fees=FEES), reports={"2026-10": report} if report else {})
    return evaluate(files, "2026-10", evidence(END, *some, now=now), earlier)


def credit(down_s: int, rules: Credits | None = None, **more) -> Credit:
    found = (
        month(promise(credits=rules or Credits(bands=BANDS, base="monthly")), down_s=down_s, **more).claims[0].credit
    )
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("down_s", "percent", "amount"),
    [(2682, 0, 0), (2683, 2, 800), (13_410, 2, 800), (13_411, 5, 2000), (27_000, 10, 4000)],
)
def test_the_last_band_that_a_figure_is_beyond_is_what_it_earns(down_s, percent, amount) -> None:
    found = credit(down_s)
    assert (found.percent, found.amount) == (percent, amount)
    assert found.state is (CreditState.DUE if amount else CreditState.NONE)


def test_only_what_is_certain_earns_and_what_is_possible_is_told() -> None:
    found = credit(2683, unknown_s=12_000)
    assert (found.percent, found.at_most_percent) == (2, 5)


def test_each_breaching_server_earns_where_the_contract_says_so_up_to_the_months_cap() -> None:
    rules = Credits(bands=BANDS, base="monthly", per="server", cap_percent_month=Fraction(30))
    found = credit(27_000, rules, servers=4)
    assert (found.percent, found.uncapped, found.amount, found.capped_by) == (40, 16_000, 12_000, "month")


def test_claims_on_the_same_fee_share_its_cap_in_the_contracts_order() -> None:
    rules = Credits(bands=BANDS, base="monthly", cap_percent_month=Fraction(15))
    result = month(promise(credits=rules), promise(id="second", credits=rules), down_s=27_000)
    assert [one.credit.amount for one in result.claims if one.credit] == [4000, 2000]


def test_a_years_cap_counts_what_earlier_months_earned() -> None:
    rules = Credits(bands=BANDS, base="monthly", cap_percent_year=Fraction(1))
    first = month(promise(credits=rules), down_s=27_000)
    second = month(promise(credits=rules), down_s=27_000, earlier=[first])
    assert [one.credit.amount for one in (first.claims[0], second.claims[0]) if one.credit] == [4000, 800]
    assert second.claims[0].credit is not None
    assert second.claims[0].credit.capped_by == "year"


def test_a_credit_is_to_be_claimed_in_time() -> None:
    rules = Credits(bands=BANDS, base="monthly", must_be_claimed_within_days=30)
    assert str(credit(27_000, rules).last_day) == "2026-11-30"
    assert credit(27_000, rules, now=at("2026-11-30T22:59Z")).state is CreditState.DUE
    assert credit(27_000, rules, now=at("2026-11-30T23:00Z")).state is CreditState.EXPIRED, "midnight in Copenhagen"
    by_report = Credits(bands=BANDS, base="monthly", must_be_claimed_within_days=30, counted_from="report")
    report = VendorReport(month="2026-10", document=DocumentReference(received_at=at("2026-11-06T23:30Z")))
    assert str(credit(27_000, by_report, report=report).last_day) == "2026-12-07"


def test_a_false_claim_is_called_by_its_name_in_both_languages() -> None:
    report = VendorReport(month="2026-10", figures={"avail": Fraction("99.98")})
    (result,) = month(promise(), down_s=9000, unknown_s=900, report=report).claims
    assert result.false_claim
    assert result.difference is not None
    assert sentence(result) == (
        "Breached. Availability of s0 was 99.630\u201399.664 %; promised is at least 99.9 %. "
        "Of 31 d 1 h agreed time 2 h 30 min was down and of 15 min nothing could tell. "
        "Even if all unknown time was up, the target is missed. "
        "The vendor reports 99.980 %, which would meet the target: what was measured proves that it was missed."
    )
    assert sentence(result, "da") == (
        "Misligholdt. Tilgængeligheden for s0 var 99,630\u201399,664 %; lovet er mindst 99,9 %. "
        "Af 31 d 1 t aftalt tid var 2 t 30 min nede, og 15 min er ukendt. "
        "Selv hvis al ukendt tid var oppetid, er målet ikke overholdt. "
        "Leverandøren oplyser 99,980 %, hvilket ville overholde målet: målingen beviser, at det ikke er overholdt."
    )


def test_too_little_known_time_is_said_although_the_figures_would_be_clear() -> None:
    (result,) = month(promise(), down_s=9000, unknown_s=100_000).claims
    assert sentence(result).endswith(
        "Too little of the time is known: 96.27 %, and the contract asks for 99 %. "
        "The figures alone would say breached, but the contract gives no verdict on so little known time."
    )


def test_a_running_month_says_until_when_it_is_judged() -> None:
    files = folder(contract(promise()))
    until = START + timedelta(days=3)
    (result,) = evaluate(files, "2026-10", evidence(until, server("s0", START, END))).claims
    assert "The month is judged until 2026-10-03 22:00 UTC." in sentence(result)


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [("99.8969", 2, "99.89"), ("99.9999", 3, "99.999"), ("100", 3, "100"), ("-0.0059", 3, "-0.005"), ("0.5", 0, "0")],
)
def test_figures_are_cut_off_and_never_rounded_up(value, decimals, shown) -> None:
    assert figure(Fraction(value), decimals) == shown
    assert figure(Fraction(value), decimals, "da") == shown.replace(".", ",")


def test_durations_leave_out_what_is_nothing() -> None:
    assert [duration_words(one) for one in (0, 61, 90_000)] == ["0 s", "1 min 1 s", "1 d 1 h"]
