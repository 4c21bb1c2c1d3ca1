"""One server's time by the terms of a claim: agreed, down, unknown, planned, excluded."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from agent.claims.downtime import Condition, DownRun, condition, known_from
from agent.claims.planned import OffTime, accepted, concerns
from agent.claims.seconds import Stretch, Stretches, common, instant, second, total, united, within, without
from agent.claims.selection import membership, named
from agent.claims.terms import ClaimStretch, Segment
from agent.dataclass import dataclass
from agent.model.claim_evidence import ServerRecord
from agent.model.contract import Clock
from agent.model.contract_files import ReceivedIncident
from agent.model.verdict import CountedOutage, Outside, Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The service hours of each group in each segment of a claim's stretch, worked out once for all servers."""

    by_segment: tuple[Mapping[str, Stretches], ...]

    @classmethod
    def of(cls, stretch: ClaimStretch) -> "Hours":
        """Of the groups that the claim is about."""
        wanted = stretch.claim.scope.service_group
        return cls(
            by_segment=tuple(
                {one.id: segment.hours(one) for one in segment.terms.service_groups if wanted in {None, one.id}}
                for segment in stretch.segments
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerTime:
    """Sets of seconds; `down` and `unknown` lie within `agreed` and do not overlap."""

    server: ServerRecord
    hours: Stretches
    """service hours in which the server was there and in the group"""
    agreed: Stretches
    down: Mapping[Clock, Stretches]
    unknown: Stretches
    planned: Stretches
    excluded: Stretches
    agreed_in_all: Stretches
    """also after the time that is judged, as far as it is known now"""
    condition: Condition

    def tally(self, clock: Clock) -> Tally:
        """How long."""
        return Tally(
            agreed_s=total(self.agreed),
            down_s=total(self.down[clock]),
            unknown_s=total(self.unknown),
            planned_s=total(self.planned),
            excluded_s=total(self.excluded),
        )


def server_time(
    stretch: ClaimStretch, hours: Hours, server: ServerRecord, incidents: Sequence[ReceivedIncident], until: int
) -> ServerTime:
    """A server's time in the stretch, as far as it is judged."""
    measurement = stretch.segments[0].terms.measurement
    start, end = stretch.segments[0].start, min(stretch.segments[-1].end, until)
    group = stretch.claim.scope.service_group
    found = condition(server.ledger, measurement, group, start, end)
    hours_in_all = without(_promised(stretch, hours, server), found.absent)
    planned_in_all = common(_off(stretch.segments, server, planned=True), hours_in_all)
    unwanted = united(_off(stretch.segments, server, planned=False), found.customer)
    excluded_in_all = without(common(unwanted, hours_in_all), planned_in_all)
    agreed_in_all = without(without(hours_in_all, planned_in_all), excluded_in_all)
    agreed = within(agreed_in_all, start, end)
    down = common(found.down, agreed)
    told = united(
        (known_from(run, _told(run, server, incidents)), run.stretch[1])
        for run in found.runs
        if known_from(run, _told(run, server, incidents)) < run.stretch[1]
    )
    return ServerTime(
        server=server,
        hours=within(hours_in_all, start, end),
        agreed=agreed,
        down={Clock.EVENT: down, Clock.NOTIFIED: common(told, agreed)},
        unknown=common(found.unknown, agreed),
        planned=within(planned_in_all, start, end),
        excluded=within(excluded_in_all, start, end),
        agreed_in_all=agreed_in_all,
        condition=found,
    )


def outages(time: ServerTime, stretch: ClaimStretch, clock: Clock, until: int) -> tuple[CountedOutage, ...]:
    """Every stretch of down time in it, counted or not, with the reasons why some of it is not."""
    start, end = stretch.segments[0].start, min(stretch.segments[-1].end, until)
    found = []
    for runs, why in (
        (time.condition.runs, None),
        (time.condition.ignored, Outside.TOO_SHORT),
        (time.condition.customer_runs, Outside.CUSTOMER),
    ):
        for run in runs:
            seconds = within((run.stretch,), start, end)
            if not seconds:
                continue
            counted = common(seconds, time.down[clock]) if why is None else ()
            found.append(
                CountedOutage(
                    start=instant(seconds[0][0]),
                    end=instant(seconds[-1][1]),
                    seconds=total(seconds),
                    counted_s=total(counted),
                    outside=_outside(time, seconds, counted, why),
                    references=_references(stretch.segments, time.server, seconds),
                    intervals=run.intervals,
                )
            )
    return tuple(sorted(found, key=lambda one: one.start))


def _outside(time: ServerTime, seconds: Stretches, counted: Stretches, why: Outside | None) -> tuple[Outside, ...]:
    left = without(seconds, counted)
    if not left:
        return ()
    reasons = [] if why is None else [why]
    if without(left, time.hours):
        reasons.append(Outside.SERVICE_HOURS)
    if common(left, time.planned):
        reasons.append(Outside.PLANNED)
    if common(left, time.excluded) and why is not Outside.CUSTOMER:
        reasons.append(Outside.EXCLUDED)
    if why is None and common(left, time.agreed):
        reasons.append(Outside.NOT_NOTIFIED)
    return tuple(reasons)


def _references(segments: Sequence[Segment], server: ServerRecord, seconds: Stretches) -> tuple[str, ...]:
    touched = [one.reference for one in _concerning(segments, server) if common(one.accepted, seconds)]
    return tuple(dict.fromkeys(touched))


def _concerning(segments: Sequence[Segment], server: ServerRecord) -> list[OffTime]:
    return [one for segment in segments for one in segment.off if concerns(one, server, segment.terms.service_groups)]


def _promised(stretch: ClaimStretch, hours: Hours, server: ServerRecord) -> Stretches:
    if any(re.search(one, server.name, re.IGNORECASE) for one in stretch.claim.except_.names):
        return ()
    found: list[Stretch] = []
    for segment, by_group in zip(stretch.segments, hours.by_segment, strict=True):
        for group_id, promised in by_group.items():
            member = membership(server, segment.terms.service_groups, group_id, segment.start, segment.end)
            found += common(member, promised)
    return united(found)


def _off(segments: Sequence[Segment], server: ServerRecord, *, planned: bool) -> Stretches:
    return united(
        *(
            within(
                accepted(segment.off, server, segment.terms.service_groups, planned=planned),
                segment.start,
                segment.end,
            )
            for segment in segments
        )
    )


def _told(run: DownRun, server: ServerRecord, incidents: Sequence[ReceivedIncident]) -> list[datetime]:
    """When the vendor's own list says that they were told of this outage."""
    return [
        one.incident.reported_at
        for one in incidents
        if one.incident.reported_at is not None
        and second(one.incident.from_) < run.stretch[1]
        and second(one.incident.to) > run.stretch[0]
        and (not one.incident.servers or named(one.incident.servers, server.identity(one.incident.from_).name))
    ]
