"""A month's results as plain values for JSON: exact fractions as text beside figures that were cut off."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from agent.model.contract_claims import Claim
from agent.model.verdict import (
    Bounds,
    ClaimResult,
    CountedOutage,
    Credit,
    MeasuredObject,
    MonthResult,
    Tally,
)
from agent.model.verdict_sentences import sentence
from agent.model.verdict_words import Language, figure


def month_document(result: MonthResult, language: Language = "en") -> dict[str, Any]:
    """Times in UTC; `exact` is a fraction that a machine can check, `figure` what is printed."""
    return {
        "contract": result.contract,
        "month": result.month,
        "from": _utc(result.start),
        "to": _utc(result.end),
        "judged_until": _utc(result.judged_until) if result.judged_until else None,
        "revisions": list(result.revisions),
        "claims": [claim_document(one, language) for one in result.claims],
        "planned_work": [
            {
                "id": one.reference,
                "from": _utc(one.start),
                "to": _utc(one.end),
                "accepted": one.accepted,
                "why_not": one.why_not,
                "clause": one.clause,
                "received_at": _utc(one.received_at) if one.received_at else None,
                "servers": one.servers,
                "used_s": one.used_s,
                "overrun_s": one.overrun_s,
            }
            for one in result.planned
        ],
        "exclusions": [
            {
                "id": one.id,
                "reason": one.reason,
                "from": _utc(one.start),
                "to": _utc(one.end),
                "accepted": one.accepted,
                "reference": one.reference,
            }
            for one in result.excluded
        ],
        "in_no_service_group": list(result.unmatched),
    }


def claim_document(result: ClaimResult, language: Language = "en") -> dict[str, Any]:
    """One claim, down to the events of its outages."""
    decimals = result.decimals
    return {
        **_promise(result.claim),
        "revision": result.revision,
        "from": _utc(result.start),
        "to": _utc(result.end),
        "judged_until": _utc(result.judged_until),
        "complete": result.complete,
        "verdict": result.verdict,
        "reason": result.reason,
        "sentence": sentence(result, language),
        "measured": _bounds(result.bounds, decimals),
        "coverage": _number(result.coverage, 6),
        "evidence": result.evidence,
        "aggregation": result.aggregation,
        "clock": result.clock,
        "figures": [
            {"clock": clock, "aggregation": aggregation, **(_bounds(bounds, decimals) or {})}
            for (clock, aggregation), bounds in result.figures.items()
        ],
        "seconds": _tally(result.tally),
        "budget_s": _number(result.budget_s, 0),
        "looks": {"made": result.looks, "failed": result.looks_failed, "unknown": result.looks_unknown},
        "reported": _number(result.reported, decimals),
        "reported_document": result.reported_document,
        "difference": _bounds(result.difference, decimals),
        "false_claim": result.false_claim,
        "credit": _credit(result.credit),
        "objects": [_object(one, decimals) for one in result.objects],
    }


def _promise(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.id,
        "clause": claim.clause,
        "says": claim.says,
        "measure": claim.measure,
        "target": {"op": claim.target.op, "value": _number(claim.target.value, 9), "unit": claim.target.unit},
    }


def _object(one: MeasuredObject, decimals: int) -> dict[str, Any]:
    return {
        "vcenter": one.vcenter,
        "id": one.object_id,
        "name": one.name,
        "verdict": one.verdict,
        "measured": _bounds(one.bounds, decimals),
        "seconds": _tally(one.tally),
        "worst_at": _utc(one.worst_at) if one.worst_at else None,
        "looks": one.looks,
        "failed": one.failed,
        "detail": one.detail,
        "outages": [_outage(outage) for outage in one.outages],
    }


def _outage(outage: CountedOutage) -> dict[str, Any]:
    return {
        "from": _utc(outage.start),
        "to": _utc(outage.end),
        "seconds": outage.seconds,
        "counted_s": outage.counted_s,
        "outside": list(outage.outside),
        "references": list(outage.references),
        "states": [
            {
                "from": _utc(part.start),
                "to": _utc(part.end),
                "state": part.state,
                "cause": part.cause,
                "who": part.who,
                "evidence": [
                    {
                        "kind": piece.kind,
                        "name": piece.name,
                        "at": _utc(piece.at),
                        "learned_at": _utc(piece.learned_at),
                        "event_key": piece.event_key,
                        "value": piece.value,
                    }
                    for piece in part.evidence
                ],
            }
            for part in outage.intervals
        ],
    }


def _credit(credit: Credit | None) -> dict[str, Any] | None:
    if credit is None:
        return None
    return {
        "base": credit.base,
        "percent": _number(credit.percent, 6),
        "at_most_percent": _number(credit.at_most_percent, 6),
        "amount": _number(credit.amount, 2),
        "uncapped": _number(credit.uncapped, 2),
        "capped_by": credit.capped_by,
        "currency": credit.currency,
        "last_day": credit.last_day.isoformat() if credit.last_day else None,
        "state": credit.state,
    }


def _tally(tally: Tally | None) -> Mapping[str, int] | None:
    if tally is None:
        return None
    return {
        "agreed": tally.agreed_s,
        "down": tally.down_s,
        "unknown": tally.unknown_s,
        "planned": tally.planned_s,
        "excluded": tally.excluded_s,
    }


def _bounds(bounds: Bounds | None, decimals: int) -> dict[str, Any] | None:
    if bounds is None:
        return None
    return {"lower": _number(bounds.lower, decimals), "upper": _number(bounds.upper, decimals)}


def _number(value: Fraction | None, decimals: int) -> dict[str, str] | None:
    return None if value is None else {"figure": figure(value, decimals), "exact": str(value)}


def _utc(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
