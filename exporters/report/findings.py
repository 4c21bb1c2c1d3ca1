"""What a reader should see first: false claims, wrong bill lines, outages that were not told. Pure."""

from collections.abc import Iterator
from enum import StrEnum
from fractions import Fraction

from agent.dataclass import dataclass
from agent.model.billing import BillLine, BillVerdict
from agent.model.incident_match import IncidentMatch, Match
from agent.model.month_report import MonthReport
from agent.model.verdict import ClaimResult, CreditState, Verdict


class FindingKind(StrEnum):
    """In the order in which they are told."""

    FALSE_CLAIM = "false_claim"
    BREACHED = "breached"
    HIDDEN_OUTAGE = "hidden_outage"
    DIFFERENT_INCIDENT = "different_incident"
    WRONG_BILL = "wrong_bill"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to take up with the vendor. Exactly one of the three is set."""

    kind: FindingKind
    anchor: str
    """where on the page its evidence begins"""
    claim: ClaimResult | None = None
    incident: IncidentMatch | None = None
    line: BillLine | None = None


_WRONG = (BillVerdict.ABSENT, BillVerdict.DUPLICATE, BillVerdict.DIFFERENT)


def findings(report: MonthReport) -> tuple[Finding, ...]:
    """All of them, what weighs most first."""
    found = [*_of_claims(report), *_of_incidents(report), *_of_bill(report)]
    return tuple(sorted(found, key=lambda one: list(FindingKind).index(one.kind)))


def claim_anchor(claim: ClaimResult, number: int) -> str:
    """The id of a claim's section; a claim may come twice where a revision changed it within the month."""
    return f"claim-{claim.claim.id}-{number}"


def incident_anchor(number: int) -> str:
    """The id of a row of the list of incidents."""
    return f"incident-{number}"


def line_anchor(number: int) -> str:
    """The id of a row of the bill."""
    return f"bill-{number}"


def credit_due(report: MonthReport) -> Fraction | None:
    """What can be claimed now, all claims together; None if nothing is due or no fee is known."""
    due = [
        one.credit.amount
        for one in report.result.claims
        if one.credit is not None and one.credit.state is CreditState.DUE and one.credit.amount is not None
    ]
    return sum(due, Fraction(0)) if due else None


def _of_claims(report: MonthReport) -> Iterator[Finding]:
    for number, one in enumerate(report.result.claims):
        anchor = claim_anchor(one, number)
        if one.false_claim:
            yield Finding(kind=FindingKind.FALSE_CLAIM, anchor=anchor, claim=one)
        elif one.verdict is Verdict.BREACHED:
            yield Finding(kind=FindingKind.BREACHED, anchor=anchor, claim=one)
        elif one.verdict is Verdict.UNDECIDED:
            yield Finding(kind=FindingKind.UNDECIDED, anchor=anchor, claim=one)


def _of_incidents(report: MonthReport) -> Iterator[Finding]:
    for number, one in enumerate(report.incidents):
        anchor = incident_anchor(number)
        if one.match is Match.ONLY_OURS:
            yield Finding(kind=FindingKind.HIDDEN_OUTAGE, anchor=anchor, incident=one)
        elif one.match is Match.MATCHED and ((one.length_difference_s or 0) > 60 or (one.missing_servers or 0) > 0):
            yield Finding(kind=FindingKind.DIFFERENT_INCIDENT, anchor=anchor, incident=one)


def _of_bill(report: MonthReport) -> Iterator[Finding]:
    for number, one in enumerate(report.bill.lines if report.bill else ()):
        if one.verdict in _WRONG or (one.verdict is BillVerdict.UNBILLED and report.bill and report.bill.file):
            yield Finding(kind=FindingKind.WRONG_BILL, anchor=line_anchor(number), line=one)
