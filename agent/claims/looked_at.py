"""Measures that are looked at hour by hour or day by day: held by every look, or by the share that the contract asks for."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from zoneinfo import ZoneInfo

from agent.claims.judging import together
from agent.claims.looks import Slots, looks, seen_slots
from agent.claims.results import badness, unjudged, worst_of
from agent.claims.seconds import instant, second
from agent.claims.selection import membership
from agent.claims.terms import ClaimStretch, Segment
from agent.dataclass import dataclass
from agent.model.claim_evidence import Look, MonthEvidence, ServerRecord
from agent.model.contract_claims import Claim, EvidenceClass, Measure, Target
from agent.model.verdict import Bounds, ClaimResult, MeasuredObject, Reason, Verdict

_PACE_S = {"every-hour": 3600, "every-day": 86_400}
_DAILY: frozenset[str] = frozenset(
    {Measure.SNAPSHOT_MAX_AGE, Measure.TOOLS_NOT_CURRENT, Measure.ESXI_PATCH_LAG, Measure.BACKUP_AGE}
)
_EVIDENCE: Mapping[str, EvidenceClass] = {
    Measure.ESXI_PATCH_LAG: EvidenceClass.PARTIAL,
    Measure.BACKUP_AGE: EvidenceClass.INDIRECT,
    Measure.INCIDENT_RESPONSE: EvidenceClass.VENDOR_ONLY,
}
_EVERYTHING = "*"
_MOST_NAMED = 10


def counts_objects(measure: str) -> bool:
    """Whether the measure is how many objects have something, not the value of each."""
    return measure == Measure.TOOLS_NOT_CURRENT


def evidence_class(claim: Claim) -> EvidenceClass:
    """What can be proved of a claim: the contract's own word, else the measure's."""
    return claim.evidence or _EVIDENCE.get(claim.measure, EvidenceClass.MEASURABLE)


def unwanted(claim: Claim, name: str) -> bool:
    """Whether the claim is not about an object of this name."""
    return _matches(claim.except_.names, name)


def looked_at(stretch: ClaimStretch, evidence: MonthEvidence, month: str) -> ClaimResult:
    """One claim on values that the agent records, over one stretch of a month."""
    claim = stretch.claim
    result = unjudged(stretch, evidence.until, month, evidence_class(claim))
    slots = Slots(
        start=second(result.start),
        until=second(result.judged_until),
        pace=_PACE_S[claim.sample or ("every-day" if claim.measure in _DAILY else "every-hour")],
        zone=ZoneInfo(stretch.segments[0].terms.time_zone),
    )
    wanted = [
        one
        for kept in evidence.kept
        for one in looks(claim, kept, slots, evidence.builds)
        if 0 <= slots.number(one.at) < slots.amount
    ]
    chosen = _in_scope(wanted, stretch, evidence.servers)
    if counts_objects(claim.measure):
        chosen = _counted(chosen, wanted, slots)
    by_object: dict[tuple[str, str], list[Look]] = defaultdict(list)
    for look in chosen:
        by_object[look.vcenter, look.object_id].append(look)
    seen = {kept.vcenter: seen_slots(kept, slots) for kept in evidence.kept}
    judged = [_judge(stretch, some, seen[some[0].vcenter], slots) for some in by_object.values()]
    judged.sort(key=lambda one: badness(one.object, claim))
    objects = [one.object for one in judged]
    verdict, reason = together(objects, [one.reason for one in judged])
    if not objects:
        reason = Reason.NO_OBJECTS if any(seen.values()) else Reason.NOT_RECORDED
    return replace(
        result,
        verdict=verdict,
        reason=reason,
        bounds=worst_of(objects, claim),
        coverage=min((one.coverage for one in judged), default=None),
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


def _judge(stretch: ClaimStretch, some: Sequence[Look], seen: Collection[int], slots: Slots) -> _Judged:
    """One object. A slot in which its vCenter was looked at without it is one in which it was not there."""
    claim, target = stretch.claim, stretch.claim.target
    values: dict[int, list[Fraction | None]] = defaultdict(list)
    for look in some:
        values[slots.number(look.at)].append(_certain(look, target))
    vcenter = some[0].vcenter
    blind = slots.amount - len(seen)
    known = {slot: _worst(claim, one) for slot, one in values.items() if any(value is not None for value in one)}
    unknown = blind + len(values) - len(known)
    failed = sum(not target.holds(one) for one in known.values())
    every = len(values) + blind
    held = len(known) - failed
    must, least = claim.must_hold_percent / 100, stretch.segments[0].terms.measurement.min_coverage_percent / 100
    coverage = Fraction(len(known), every)
    verdict: Verdict
    reason: Reason | None = None
    to_come = -(-(stretch.segments[-1].end - slots.start) // slots.pace) - slots.amount
    if Fraction(held + unknown + to_come, every + to_come) < must:
        verdict = Verdict.BREACHED  # certain, whatever the unknown looks would have shown, and those to come will
    elif not known:
        verdict, reason = Verdict.NO_VERDICT, Reason.NOT_RECORDED
    elif coverage < least:
        verdict, reason = Verdict.NO_VERDICT, Reason.LOW_COVERAGE
    elif Fraction(held, len(known)) >= must:
        verdict = Verdict.MET
    else:
        verdict, reason = Verdict.UNDECIDED, Reason.MONTH_RUNS if to_come else Reason.UNKNOWN_TIME
    worst = _worst(claim, list(known.values())) if known else None
    at = next((one for one in some if worst in {one.least, one.most} and worst is not None), None)
    measured = MeasuredObject(
        vcenter=vcenter,
        object_id=some[0].object_id,
        name=some[-1].name,
        bounds=Bounds(worst, worst) if worst is not None else None,
        verdict=verdict,
        worst_at=at.at if at else None,
        looks=len(known),
        failed=failed,
        detail=at.detail if at else some[-1].detail,
    )
    return _Judged(object=measured, reason=reason, coverage=coverage, unknown=unknown)


def _certain(look: Look, target: Target) -> Fraction | None:
    """The value, where what is not known of it does not decide."""
    if look.least is None or look.most is None or target.holds(look.least) is not target.holds(look.most):
        return None
    worst, best = (look.least, look.most) if target.wants_much else (look.most, look.least)
    return worst if target.holds(worst) else best


def _worst(claim: Claim, values: Iterable[Fraction | None]) -> Fraction:
    known = [one for one in values if one is not None]
    return min(known) if claim.target.wants_much else max(known)


def _in_scope(wanted: Iterable[Look], stretch: ClaimStretch, servers: Sequence[ServerRecord]) -> list[Look]:
    claim = stretch.claim
    scope = claim.scope
    by_id = {(one.vcenter, one.vm_id): one for one in servers}
    found = []
    for look in wanted:
        if unwanted(claim, look.name):
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


def _counted(chosen: Sequence[Look], wanted: Sequence[Look], slots: Slots) -> list[Look]:
    """In each slot one look at how many objects have it: at least, and at most if those have it of which it is not known."""
    values: dict[tuple[str, int], list[Look]] = {(one.vcenter, slots.number(one.at)): [] for one in wanted}
    for look in chosen:
        values[look.vcenter, slots.number(look.at)].append(look)
    found = []
    for (vcenter, number), some in values.items():
        known = [one.most for one in some if one.most is not None]
        having = sorted({one.name for one in some if one.most})
        count = Fraction(sum(known))
        found.append(
            Look(
                vcenter=vcenter,
                kind=_EVERYTHING,
                object_id=_EVERYTHING,
                name=_EVERYTHING,
                what=wanted[0].what,
                at=instant(slots.begin(number)),
                least=count,
                most=count + len(some) - len(known),
                detail=", ".join(having[:_MOST_NAMED]) + (", …" if len(having) > _MOST_NAMED else "") or None,
            )
        )
    return found
