"""The measure `incident-response`: how long the vendor took to begin, by the vendor's own list."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from agent.claims.judging import together
from agent.claims.looked_at import evidence_class
from agent.claims.looks import UNIT_S
from agent.claims.results import badness, unjudged, worst_of
from agent.claims.terms import ClaimStretch
from agent.model.claim_evidence import MonthEvidence
from agent.model.contract_files import ReceivedIncident
from agent.model.verdict import Bounds, ClaimResult, MeasuredObject, Reason, Verdict


def incident_response(
    stretch: ClaimStretch, evidence: MonthEvidence, incidents: Sequence[ReceivedIncident], month: str
) -> ClaimResult:
    """One claim over the incidents that were reported in one stretch of a month."""
    claim = stretch.claim
    result = unjudged(stretch, evidence.until, month, evidence_class(claim))
    priority = claim.scope.priority
    chosen = [
        one
        for one in incidents
        if result.start <= (one.incident.reported_at or one.start) < result.judged_until
        and priority in {None, one.incident.priority}
    ]
    if not incidents and claim.source.csv is not None:
        return replace(result, reason=Reason.NO_SOURCE)
    objects: list[tuple[MeasuredObject, Reason | None]] = []
    for one in chosen:
        told, begun = one.incident.reported_at, one.incident.responded_at
        took = None
        if told is not None and begun is not None:
            took = Fraction(int((begun - told).total_seconds()), UNIT_S.get(claim.target.unit, 1))
        met = took is not None and claim.target.holds(took)
        verdict = Verdict.NO_VERDICT if took is None else Verdict.MET if met else Verdict.BREACHED
        measured = MeasuredObject(
            vcenter="",
            object_id=one.incident.id,
            name=one.incident.id,
            bounds=None if took is None else Bounds(took, took),
            verdict=verdict,
            worst_at=told,
            looks=int(took is not None),
            failed=int(verdict is Verdict.BREACHED),
            detail=one.file,
        )
        objects.append((measured, Reason.NO_SOURCE if took is None else None))
    objects.sort(key=lambda one: badness(one[0], claim))
    found = [one for one, _ in objects]
    if not found:
        return replace(result, reason=Reason.NO_OBJECTS)
    verdict, reason = together(found, [why for _, why in objects])
    known = sum(one.bounds is not None for one in found)
    return replace(
        result,
        verdict=verdict,
        reason=reason,
        bounds=worst_of(found, claim),
        coverage=Fraction(known, len(found)),
        objects=tuple(found),
        looks=known,
        looks_failed=sum(one.failed for one in found),
        looks_unknown=len(found) - known,
    )
