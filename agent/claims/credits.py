"""What breaches are worth: bands of a fee, caps for the month and the year, and until when it must be claimed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from agent.model.contract import ContractTerms
from agent.model.contract_claims import Credits, Target
from agent.model.contract_files import VendorReport
from agent.model.verdict import ClaimResult, Credit, CreditState, Verdict


def band_percent(credit: Credits, target: Target, figure: Fraction) -> Fraction:
    """What a figure is worth, in percent of the base: the last band that it is beyond; 0 if it is beyond none."""
    found = Fraction(0)
    for band in credit.bands:
        beyond = (band.below is not None and figure < band.below) or (band.above is not None and figure > band.above)
        if beyond and not target.holds(figure):
            found = band.percent
    return found


def with_credits(
    results: Sequence[ClaimResult],
    terms: ContractTerms,
    *,
    month_end: date,
    report: VendorReport | None,
    now: datetime,
    earlier: Iterable[ClaimResult] = (),
) -> tuple[ClaimResult, ...]:
    """The results of a month with what they are worth.

    Args:
        results: Of the month, in the contract's order: caps are filled in it.
        terms: Fees and currency.
        month_end: The last day of the month.
        report: The vendor's for the month, if it came.
        now: Whether it is still time to claim.
        earlier: Results of earlier months of the same calendar year, with their credits, for the yearly cap.
    """
    spent: dict[str, Fraction] = defaultdict(Fraction)
    for one in earlier:
        if one.credit is not None and one.credit.amount is not None:
            spent[one.credit.base] += one.credit.amount
    in_month: dict[str, Fraction] = defaultdict(Fraction)
    found = []
    for result in results:
        if result.claim.credits is None:
            found.append(result)
            continue
        credit = _credit(result, result.claim.credits, terms, in_month, spent)
        last_day = _last_day(result.claim.credits, terms, month_end, report)
        late = last_day is not None and now.astimezone(ZoneInfo(terms.time_zone)).date() > last_day
        if credit.state is CreditState.DUE:
            credit = replace(credit, last_day=last_day, state=CreditState.EXPIRED if late else CreditState.DUE)
        found.append(replace(result, credit=credit))
    return tuple(found)


def _credit(
    result: ClaimResult,
    rules: Credits,
    terms: ContractTerms,
    in_month: dict[str, Fraction],
    spent: dict[str, Fraction],
) -> Credit:
    certain, possible = _percents(result, rules)
    fee = terms.fees.get(rules.base)
    uncapped = None if fee is None else fee * certain / 100
    amount, capped_by = uncapped, None
    if amount is not None and fee is not None:
        for cap, filled, what in (
            (rules.cap_percent_month, in_month, "month"),
            (None if rules.cap_percent_year is None else 12 * rules.cap_percent_year, spent, "year"),
        ):
            room = amount if cap is None else max(Fraction(0), fee * cap / 100 - filled[rules.base])
            if room < amount:
                amount, capped_by = room, what
        in_month[rules.base] += amount
        spent[rules.base] += amount
    return Credit(
        base=rules.base,
        percent=certain,
        amount=amount,
        uncapped=uncapped,
        capped_by=capped_by,
        currency=terms.currency,
        last_day=None,
        state=CreditState.NONE if not certain else CreditState.DUE,
        at_most_percent=possible,
    )


def _percents(result: ClaimResult, rules: Credits) -> tuple[Fraction, Fraction]:
    """What is certain, and what is possible: with the bound that is best for the vendor, and with the worst."""
    target = result.claim.target
    if rules.per == "server":
        certain, possible = Fraction(0), Fraction(0)
        for one in result.objects:
            if one.bounds is not None and one.verdict is not Verdict.NO_VERDICT:
                best, worst = _of_bounds(*one.bounds, rules, target)
                certain += best if one.verdict is Verdict.BREACHED else 0
                possible += worst
        return certain, possible
    if result.bounds is None or result.verdict is Verdict.NO_VERDICT:
        return Fraction(0), Fraction(0)
    certain, possible = _of_bounds(*result.bounds, rules, target)
    return (certain if result.verdict is Verdict.BREACHED else Fraction(0)), possible


def _of_bounds(lower: Fraction, upper: Fraction, rules: Credits, target: Target) -> tuple[Fraction, Fraction]:
    best, worst = (upper, lower) if target.wants_much else (lower, upper)
    return band_percent(rules, target, best), band_percent(rules, target, worst)


def _last_day(rules: Credits, terms: ContractTerms, month_end: date, report: VendorReport | None) -> date | None:
    """To claim it; None: the contract sets none."""
    if rules.must_be_claimed_within_days is None:
        return None
    counted_from = month_end
    received = report.document.received_at if report is not None and report.document is not None else None
    if rules.counted_from == "report" and received is not None:
        counted_from = received.astimezone(ZoneInfo(terms.time_zone)).date()
    return counted_from + timedelta(days=rules.must_be_claimed_within_days)
