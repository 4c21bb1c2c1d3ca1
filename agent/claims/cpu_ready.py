"""The measure `cpu-ready-p95`: each server's 95th percentile of a month, from how its CPU ready was spread."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from agent.claims.judging import by_bounds, together
from agent.claims.looked_at import evidence_class, unwanted
from agent.claims.results import badness, unjudged, worst_of
from agent.claims.seconds import second
from agent.claims.selection import membership
from agent.claims.terms import ClaimStretch
from agent.model.claim_evidence import Kept, MonthEvidence, ServerRecord
from agent.model.verdict import Bounds, ClaimResult, MeasuredObject, Reason, Verdict

_HOUR = 3600


def cpu_ready(stretch: ClaimStretch, evidence: MonthEvidence, month: str) -> ClaimResult:
    """One claim over one stretch of a month. Hours count that begin in it and in which the server is in the group."""
    claim = stretch.claim
    result = unjudged(stretch, evidence.until, month, evidence_class(claim))
    start, until = second(result.start), second(result.judged_until)
    hours = -(-(until - start) // _HOUR)
    least = stretch.segments[0].terms.measurement.min_coverage_percent / 100
    kept = {one.vcenter: one for one in evidence.kept}
    seen = {name: sum(start <= second(hour.start) < until for hour in one.hours) for name, one in kept.items()}
    objects: list[tuple[MeasuredObject, Reason | None]] = []
    for server in evidence.servers:
        if unwanted(claim, server.name) or server.vcenter not in kept:
            continue
        spread = _spread(kept[server.vcenter], server, stretch, until)
        if not spread:
            continue
        bounds = percentile(spread)
        verdict, reason = by_bounds(claim.target, bounds)
        if verdict is Verdict.BREACHED and not result.complete:
            verdict, reason = Verdict.UNDECIDED, Reason.MONTH_RUNS  # a quieter rest makes the percentile smaller
        if Fraction(min(hours, seen[server.vcenter]), hours) < least:
            verdict, reason = Verdict.NO_VERDICT, Reason.LOW_COVERAGE
        measured = MeasuredObject(
            vcenter=server.vcenter,
            object_id=server.vm_id,
            name=server.name,
            bounds=bounds,
            verdict=verdict,
            looks=sum(spread.values()),
            detail=f"{sum(spread.values())} s measured, at most {max(spread) + 1} %",
        )
        objects.append((measured, reason))
    objects.sort(key=lambda one: badness(one[0], claim))
    found = [one for one, _ in objects]
    if not found:
        return replace(result, reason=Reason.NO_OBJECTS if any(seen.values()) else Reason.NOT_RECORDED)
    verdict, reason = together(found, [why for _, why in objects])
    coverage = min(Fraction(min(hours, seen[one.vcenter]), hours) for one in found)
    return replace(
        result,
        verdict=verdict,
        reason=reason,
        bounds=worst_of(found, claim),
        coverage=coverage,
        objects=tuple(found),
    )


def percentile(spread: Mapping[int, int], percent: int = 95) -> Bounds:
    """Between which whole per cent it lies: `spread` has the seconds at each whole per cent, itself to the next."""
    wanted = Fraction(sum(spread.values()) * percent, 100)
    passed = 0
    for whole in sorted(spread):
        passed += spread[whole]
        if passed >= wanted:
            return Bounds(Fraction(whole), Fraction(whole + 1))
    raise ValueError("nothing was measured")


def _spread(kept: Kept, server: ServerRecord, stretch: ClaimStretch, until: int) -> Counter[int]:
    found: Counter[int] = Counter()
    group = stretch.claim.scope.service_group
    for segment in stretch.segments:
        groups = segment.terms.service_groups
        member = membership(server, groups, group, segment.start, segment.end)
        for part in kept.cpu_ready.get(server.vm_id, ()):
            begin = second(part.start)
            within = segment.start <= begin < min(segment.end, until)
            if within and (group is None or any(since <= begin < end for since, end in member)):
                found.update(part.spread)
    return found
