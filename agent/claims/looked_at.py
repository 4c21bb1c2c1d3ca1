"""Measures that are looked at hour by hour or day by day: held by every look, or by the share that the contract asks for."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from agent.claims.judging import together
from agent.claims.seconds import instant, second
from agent.claims.selection import membership
from agent.claims.terms import ClaimStretch, Segment
from agent.model.claim_evidence import Look, MonthEvidence, ServerRecord
from agent.model.contract_claims import Claim, EvidenceClass, Measure
from agent.model.verdict import Bounds, ClaimResult, MeasuredObject, Reason, Verdict

_PACE_S = {"every-hour": 3600, "every-day": 86_400}
DAILY: frozenset[str] = frozenset({Measure.TOOLS_NOT_CURRENT, Measure.ESXI_PATCH_LAG, Measure.BACKUP_AGE})
_EVIDENCE: Mapping[str, EvidenceClass] = {
    Measure.ESXI_PATCH_LAG: EvidenceClass.PARTIAL,
    Measure.BACKUP_AGE: EvidenceClass.INDIRECT,
    Measure.INCIDENT_RESPONSE: EvidenceClass.VENDOR_ONLY,
}
_EVERYTHING = "*"
_MOST_NAMED = 10


def counts_objects(measure: str) -> bool:
    """Whether the measure is how many objects have something, not the value of each."""
    return measure == Measure.TOOLS_NOT_CURRENT or measure.startswith("check:")


def evidence_class(claim: Claim) -> EvidenceClass:
    """What can be proved of a claim: the contract's own word, else the measure's."""
    return claim.evidence or _EVIDENCE.get(claim.measure, EvidenceClass.MEASURABLE)


def looked_at(stretch: ClaimStretch, evidence: MonthEvidence, month: str) -> ClaimResult:
    """One claim on values that the agent records, over one stretch of a month."""
    claim = stretch.claim
    start, end = stretch.segments[0].start, stretch.segments[-1].end
    until = max(start, min(end, second(evidence.until)))
    pace = _PACE_S[claim.sample or ("every-day" if claim.measure in DAILY else "every-hour")]
    slots = range(start // pace, -(-until // pace))
    wanted = [one for one in evidence.looks if one.what == claim.measure and start <= second(one.at) < until]
    chosen = _in_scope(wanted, stretch, evidence.servers)
    if counts_objects(claim.measure):
        chosen = _counted(chosen, wanted, pace)
    by_object: dict[tuple[str, str], list[Look]] = defaultdict(list)
    for look in chosen:
        by_object[look.vcenter, look.object_id].append(look)
    seen = _seen(wanted, pace)
    judged = [_judge(stretch, looks, seen, slots, pace) for looks in by_object.values()]
    judged.sort(key=lambda one: _badness(one.object, claim))
    objects = [one.object for one in judged]
    verdict, reason = together(objects, [one.reason for one in judged])
    if not objects:
        reason = Reason.NO_OBJECTS if wanted else Reason.NOT_RECORDED
    known = [one.bounds for one in objects if one.bounds is not None]
    worst = (min if claim.target.wants_much else max)((one.lower for one in known), default=None)
    return ClaimResult(
        claim=claim,
        revision=stretch.segments[-1].revision,
        month=month,
        start=instant(start),
        end=instant(end),
        judged_until=instant(until),
        verdict=verdict,
        reason=reason,
        bounds=Bounds(worst, worst) if worst is not None else None,
        coverage=min((one.coverage for one in judged), default=None),
        evidence=evidence_class(claim),
        decimals=stretch.segments[0].terms.measurement.percent_decimals,
        objects=tuple(objects),
        looks=sum(one.object.looks for one in judged),
        looks_failed=sum(one.object.failed for one in judged),
        looks_unknown=sum(one.unknown for one in judged),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    object: MeasuredObject
    reason: Reason | None
    coverage: Fraction
    unknown: int


def _judge(
    stretch: ClaimStretch, looks: Sequence[Look], seen: Mapping[str, set[int]], slots: range, pace: int
) -> _Judged:
    """One object. A slot in which its vCenter was looked at without it is one in which it was not there."""
    claim, target = stretch.claim, stretch.claim.target
    values: dict[int, list[Fraction | None]] = defaultdict(list)
    for look in looks:
        values[second(look.at) // pace].append(look.least if target.wants_much else look.most)
    vcenter = looks[0].vcenter
    blind = sum(slot not in seen[vcenter] for slot in slots)
    known = {slot: _worst(claim, one) for slot, one in values.items() if any(value is not None for value in one)}
    unknown = blind + len(values) - len(known)
    failed = sum(not target.holds(one) for one in known.values())
    every = len(values) + blind
    held = len(known) - failed
    must, least = claim.must_hold_percent / 100, stretch.segments[0].terms.measurement.min_coverage_percent / 100
    coverage = Fraction(len(known), every)
    verdict: Verdict
    reason: Reason | None = None
    if Fraction(held + unknown, every) < must:
        verdict = Verdict.BREACHED  # certain, whatever the unknown looks would have shown
    elif not known:
        verdict, reason = Verdict.NO_VERDICT, Reason.NOT_RECORDED
    elif coverage < least:
        verdict, reason = Verdict.NO_VERDICT, Reason.LOW_COVERAGE
    elif Fraction(held, len(known)) >= must:
        verdict = Verdict.MET
    else:
        verdict, reason = Verdict.UNDECIDED, Reason.UNKNOWN_TIME
    worst = _worst(claim, list(known.values())) if known else None
    at = next((one for one in looks if worst in {one.least, one.most} and worst is not None), None)
    measured = MeasuredObject(
        vcenter=vcenter,
        object_id=looks[0].object_id,
        name=looks[-1].name,
        bounds=Bounds(worst, worst) if worst is not None else None,
        verdict=verdict,
        worst_at=at.at if at else None,
        looks=len(known),
        failed=failed,
        detail=at.detail if at else looks[-1].detail,
    )
    return _Judged(object=measured, reason=reason, coverage=coverage, unknown=unknown)


def _worst(claim: Claim, values: Iterable[Fraction | None]) -> Fraction:
    known = [one for one in values if one is not None]
    return min(known) if claim.target.wants_much else max(known)


def _badness(measured: MeasuredObject, claim: Claim) -> tuple[bool, Fraction, str]:
    if measured.bounds is None:
        return True, Fraction(0), measured.name
    value = measured.bounds.lower
    return False, value if claim.target.wants_much else -value, measured.name


def _seen(wanted: Iterable[Look], pace: int) -> dict[str, set[int]]:
    """By vCenter, the slots in which anything was looked at for this measure."""
    found: dict[str, set[int]] = defaultdict(set)
    for look in wanted:
        found[look.vcenter].add(second(look.at) // pace)
    return found


def _in_scope(wanted: Iterable[Look], stretch: ClaimStretch, servers: Sequence[ServerRecord]) -> list[Look]:
    claim = stretch.claim
    scope = claim.scope
    by_id = {(one.vcenter, one.vm_id): one for one in servers}
    found = []
    for look in wanted:
        if any(re.search(one, look.name, re.IGNORECASE) for one in claim.except_.names):
            continue
        if scope.cluster is not None and scope.cluster not in {look.cluster, look.name}:
            continue
        if look.kind == "host" and scope.hosts and not _matches(scope.hosts, look.name):
            continue
        if look.kind == "datastore" and scope.datastores and not _matches(scope.datastores, look.name):
            continue
        if look.kind == "vm" and not _member(
            by_id.get((look.vcenter, look.object_id)), stretch.segments, scope.service_group, look
        ):
            continue
        found.append(look)
    return found


def _matches(patterns: Iterable[str], name: str) -> bool:
    return any(re.search(one, name, re.IGNORECASE) for one in patterns)


def _member(server: ServerRecord | None, segments: Sequence[Segment], group: str | None, look: Look) -> bool:
    """Whether a VM was in the group when it was looked at; without a group every VM is."""
    if group is None:
        return True
    if server is None:
        return False
    at = second(look.at)
    holding = next(one for one in segments if one.start <= at < one.end)
    return bool(membership(server, holding.terms.service_groups, group, at, at + 1))


def _counted(chosen: Sequence[Look], wanted: Sequence[Look], pace: int) -> list[Look]:
    """In each slot one look at how many objects have it; unknown where it is not known of one of them."""
    values: dict[tuple[str, int], list[Look]] = {(one.vcenter, second(one.at) // pace): [] for one in wanted}
    for look in chosen:
        values[look.vcenter, second(look.at) // pace].append(look)
    found = []
    for (vcenter, slot), looks in values.items():
        known = [one.most for one in looks if one.most is not None]
        having = sorted({one.name for one in looks if one.most})
        count = Fraction(sum(known)) if len(known) == len(looks) else None
        found.append(
            Look(
                vcenter=vcenter,
                kind=_EVERYTHING,
                object_id=_EVERYTHING,
                name=_EVERYTHING,
                what=looks[0].what if looks else wanted[0].what,
                at=instant(slot * pace) if not looks else looks[0].at,
                least=count,
                most=count,
                detail=", ".join(having[:_MOST_NAMED]) + (", …" if len(having) > _MOST_NAMED else "") or None,
            )
        )
    return found
