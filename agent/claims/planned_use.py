"""What became of planned work: announced in time, used, overrun; and what became of exclusions."""

from collections.abc import Sequence

from agent.claims.downtime import condition
from agent.claims.planned import OffTime, concerns
from agent.claims.seconds import common, instant, total, united, within
from agent.claims.terms import Segment
from agent.model.claim_evidence import ServerRecord
from agent.model.contract import ExclusionReason
from agent.model.verdict import ExcludedTime, PlannedUse


def planned_uses(segments: Sequence[Segment], servers: Sequence[ServerRecord], until: int) -> tuple[PlannedUse, ...]:
    """Every window and notice of the month, accepted or not."""
    seen: dict[tuple[str, tuple[int, int]], PlannedUse] = {}
    for segment in segments:
        for one in segment.off:
            key = (one.reference, one.announced)
            if one.reason is ExclusionReason.PLANNED and key not in seen:
                seen[key] = _use(one, segment, servers, until)
    return tuple(seen.values())


def excluded_times(segments: Sequence[Segment]) -> tuple[ExcludedTime, ...]:
    """Every exclusion that is not planned work, accepted or not."""
    seen: dict[str, ExcludedTime] = {}
    for segment in segments:
        for one in segment.off:
            if one.exclusion is not None and (one.reference not in seen or not seen[one.reference].accepted):
                seen[one.reference] = ExcludedTime(
                    id=one.reference,
                    reason=one.reason,
                    start=one.exclusion.from_,
                    end=one.exclusion.to,
                    accepted=one.why_not is None,
                    reference=one.exclusion.reference,
                )
    return tuple(seen.values())


def _use(time: OffTime, segment: Segment, servers: Sequence[ServerRecord], until: int) -> PlannedUse:
    groups = segment.terms.service_groups
    begin, end = time.announced
    down, overrun, count = [], 0, 0
    for server in servers:
        if not concerns(time, server, groups):
            continue
        count += 1
        found = condition(server.ledger, segment.terms.measurement, None, begin, end)
        for run in found.runs:
            inside = within((run.stretch,), begin, end)
            if not inside:
                continue
            down.append(inside)
            if run.stretch[0] >= begin:
                overrun = max(overrun, min(run.stretch[1], max(until, end)) - end)
    return PlannedUse(
        reference=time.reference,
        start=instant(begin),
        end=instant(end),
        accepted=bool(time.accepted),
        why_not=time.why_not,
        servers=count,
        used_s=total(common(united(*down), ((begin, min(end, max(until, begin))),))),
        overrun_s=max(0, overrun),
        clause=time.clause,
        received_at=time.notice.received_at if time.notice else None,
    )
