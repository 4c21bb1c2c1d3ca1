"""A claim's result before anything is known, and what all measures but availability have in common."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from agent.claims.seconds import instant
from agent.claims.terms import ClaimStretch
from agent.model.contract_claims import Claim, EvidenceClass
from agent.model.verdict import Bounds, ClaimResult, MeasuredObject, Reason, Verdict


def unjudged(stretch: ClaimStretch, until: datetime, month: str, evidence: EvidenceClass) -> ClaimResult:
    """No verdict, as nothing is recorded."""
    start, end = instant(stretch.segments[0].start), instant(stretch.segments[-1].end)
    return ClaimResult(
        claim=stretch.claim,
        revision=stretch.segments[-1].revision,
        month=month,
        start=start,
        end=end,
        judged_until=max(start, min(end, until)),
        verdict=Verdict.NO_VERDICT,
        reason=Reason.NOT_RECORDED,
        bounds=None,
        coverage=None,
        evidence=evidence,
        decimals=stretch.segments[0].terms.measurement.percent_decimals,
        least_coverage=stretch.segments[0].terms.measurement.min_coverage_percent,
    )


def badness(measured: MeasuredObject, claim: Claim) -> tuple[bool, Fraction, str]:
    """Sorts the worst first, and the unknown last."""
    if measured.bounds is None:
        return True, Fraction(0), measured.name
    return False, measured.bounds.lower if claim.target.wants_much else -measured.bounds.upper, measured.name


def worst_of(objects: Sequence[MeasuredObject], claim: Claim) -> Bounds | None:
    """The worst at either bound; None if nothing is known of any."""
    known = [one.bounds for one in objects if one.bounds is not None]
    if not known:
        return None
    pick = min if claim.target.wants_much else max
    return Bounds(pick(one.lower for one in known), pick(one.upper for one in known))
