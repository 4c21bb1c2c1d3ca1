"""The measure `availability`: by both clocks and all four aggregations, judged by those that the contract picks."""

from collections.abc import Sequence
from fractions import Fraction

from agent.claims.aggregation import agreed_in_all, badness, by_contract, group_bounds, group_tally
from agent.claims.judging import judge, together
from agent.claims.seconds import instant, second, total
from agent.claims.server_time import Hours, ServerTime, outages, server_time
from agent.claims.terms import ClaimStretch
from agent.dataclass import dataclass
from agent.model.claim_evidence import MonthEvidence
from agent.model.contract import Aggregation, Clock, Measurement
from agent.model.contract_claims import EvidenceClass, Target
from agent.model.contract_files import ReceivedIncident
from agent.model.verdict import Bounds, ClaimResult, MeasuredObject, Reason, Tally, Verdict


def availability(
    stretch: ClaimStretch, evidence: MonthEvidence, incidents: Sequence[ReceivedIncident], month: str
) -> ClaimResult:
    """One claim on availability over one stretch of a month."""
    claim, first = stretch.claim, stretch.segments[0]
    measurement = first.terms.measurement
    start, end = first.start, stretch.segments[-1].end
    until = max(start, min(end, second(evidence.until)))
    aggregation = _aggregation(stretch)
    clock = measurement.clock_start
    hours = Hours.of(stretch)
    times = [server_time(stretch, hours, one, incidents, until) for one in evidence.servers]
    times = [time for time in times if time.hours]
    judged = _judged(times, stretch, until)
    tally = group_tally(times, clock, aggregation)
    bounds = group_bounds(times, clock, aggregation, measurement.unknown)
    verdict, reason = _verdict(judged, stretch, times, until)
    if not evidence.servers:
        reason = Reason.NOT_RECORDED  # nobody knows whether there was a server
    return ClaimResult(
        claim=claim,
        revision=stretch.segments[-1].revision,
        month=month,
        start=instant(start),
        end=instant(end),
        judged_until=instant(until),
        verdict=verdict,
        reason=reason,
        bounds=bounds,
        coverage=_coverage(times, clock, aggregation, tally),
        evidence=claim.evidence or EvidenceClass.MEASURABLE,
        decimals=measurement.percent_decimals,
        least_coverage=measurement.min_coverage_percent,
        objects=tuple(one.object for one in judged),
        aggregation=aggregation,
        clock=clock,
        figures=_figures(times, measurement),
        tally=tally,
        budget_s=_budget(times, claim.target, aggregation, clock),
    )


def _verdict(
    judged: Sequence["_Judged"], stretch: ClaimStretch, times: Sequence[ServerTime], until: int
) -> tuple[Verdict, Reason | None]:
    if not judged:
        return Verdict.NO_VERDICT, Reason.NO_OBJECTS
    measurement, aggregation = stretch.segments[0].terms.measurement, _aggregation(stretch)
    if aggregation is Aggregation.PER_VM:
        agreed = [one for one in judged if one.object.bounds is not None]
        if not agreed:
            return Verdict.NO_VERDICT, Reason.NO_AGREED_TIME
        return together([one.object for one in agreed], [one.reason for one in agreed])
    clock = measurement.clock_start
    tally = group_tally(times, clock, aggregation)
    in_all = agreed_in_all(times, aggregation)
    return judge(
        stretch.claim.target,
        group_bounds(times, clock, aggregation, measurement.unknown),
        tally.coverage if tally else None,
        measurement.min_coverage_percent,
        _still_possible(in_all, tally) if until < stretch.segments[-1].end else None,
    )


def _aggregation(stretch: ClaimStretch) -> Aggregation:
    group = stretch.claim.scope.service_group
    return stretch.segments[0].group(group).aggregation if group else Aggregation.PER_VM


def _still_possible(agreed_in_all_s: int, tally: Tally | None) -> Fraction | None:
    """If all of the rest of the month is up, and all that is unknown was."""
    down_s = tally.down_s if tally else 0
    return Fraction(100 * (agreed_in_all_s - down_s), agreed_in_all_s) if agreed_in_all_s else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    object: MeasuredObject
    reason: Reason | None


def _judged(times: Sequence[ServerTime], stretch: ClaimStretch, until: int) -> list[_Judged]:
    """Each server by itself, the worst first."""
    measurement = stretch.segments[0].terms.measurement
    clock = measurement.clock_start
    found = []
    for time in sorted(times, key=lambda one: (badness(one.tally(clock)), one.server.name)):
        tally = time.tally(clock)
        bounds = by_contract(tally.bounds, measurement.unknown)
        possible = _still_possible(total(time.agreed_in_all), tally) if until < stretch.segments[-1].end else None
        least = measurement.min_coverage_percent
        verdict, reason = judge(stretch.claim.target, bounds, tally.coverage, least, possible)
        measured = MeasuredObject(
            vcenter=time.server.vcenter,
            object_id=time.server.vm_id,
            name=time.server.name,
            bounds=bounds,
            verdict=verdict,
            tally=tally,
            outages=outages(time, stretch, clock, until),
        )
        found.append(_Judged(object=measured, reason=reason))
    return found


def _figures(times: Sequence[ServerTime], measurement: Measurement) -> dict[tuple[Clock, Aggregation], Bounds]:
    found = {}
    for clock in Clock:
        for aggregation in Aggregation:
            bounds = group_bounds(times, clock, aggregation, measurement.unknown)
            if bounds is not None:
                found[clock, aggregation] = bounds
    return found


def _coverage(
    times: Sequence[ServerTime], clock: Clock, aggregation: Aggregation, tally: Tally | None
) -> Fraction | None:
    if aggregation is not Aggregation.PER_VM:
        return tally.coverage if tally else None
    each = [coverage for coverage in (time.tally(clock).coverage for time in times) if coverage is not None]
    return min(each, default=None)


def _budget(times: Sequence[ServerTime], target: Target, aggregation: Aggregation, clock: Clock) -> Fraction | None:
    """How long may be down in the whole stretch, also what is still to come of it; for per-vm that of the worst server."""
    times = [time for time in times if time.agreed]
    if not times or not target.wants_much:
        return None
    share = (100 - target.value) / 100
    if aggregation is Aggregation.PER_VM:
        worst = min(times, key=lambda one: badness(one.tally(clock)))
        return share * total(worst.agreed_in_all)
    return share * agreed_in_all(times, aggregation)
