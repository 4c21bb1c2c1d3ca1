"""Matching the vendor's list of incidents with our outages. Pure.

Outages of one cause that overlap, or begin within two minutes of each other, are one incident: a failed host takes a dozen
servers down. An incident of the vendor's matches the one of ours that it has most time in common with; a quarter of an
hour beside it still counts as the same, if nothing lies nearer. Where the vendor names servers, one at least must be the same.
What the vendor need not tell of, such as a server that the customer keeps switched off, is matched only if it is named.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from agent.dataclass import dataclass
from agent.model.availability import Cause
from agent.model.contract_files import ReceivedIncident
from agent.model.incident_match import IncidentMatch, Match, OwnIncident, ServerOutage

_TOGETHER = timedelta(minutes=2)
_BESIDE = timedelta(minutes=15)


def match_incidents(
    outages: Iterable[ServerOutage], incidents: Sequence[ReceivedIncident], start: datetime, end: datetime
) -> tuple[IncidentMatch, ...]:
    """All incidents of [start, end), in order of time: what both sides know, what only one of them does."""
    ours = [one for one in grouped(outages) if start <= one.start < end or one.start < start < one.end]
    theirs = [one for one in incidents if one.start < end and one.incident.to > start]
    pairs = sorted(
        (
            (-_common_s(mine, told), abs((mine.start - told.start).total_seconds()), number, beside)
            for number, mine in enumerate(ours)
            for beside, told in enumerate(theirs)
            if _may_be(mine, told)
        ),
    )
    matched: dict[int, int] = {}
    for _, _, number, beside in pairs:
        if number not in matched and beside not in matched.values():
            matched[number] = beside
    found = [
        IncidentMatch(
            match=Match.MATCHED if number in matched else Match.EXCUSED if mine.excused else Match.ONLY_OURS,
            ours=mine,
            theirs=theirs[matched[number]] if number in matched else None,
        )
        for number, mine in enumerate(ours)
    ]
    found += [
        IncidentMatch(match=Match.ONLY_THEIRS, theirs=told)
        for beside, told in enumerate(theirs)
        if beside not in matched.values()
    ]
    return tuple(sorted(found, key=lambda one: (one.start, one.match)))


@dataclass(slots=True)
class _Group:
    outages: list[ServerOutage]
    last_start: datetime
    end: datetime


def grouped(outages: Iterable[ServerOutage]) -> list[OwnIncident]:
    """Outages that belong together, in order of their begin."""
    groups: list[_Group] = []
    latest: dict[tuple[Cause | None, str | None], list[_Group]] = defaultdict(list)
    for one in sorted(outages, key=lambda one: (one.start, one.end, one.name)):
        # what ended before cannot be joined by anything that begins later still
        alike = [
            group
            for group in latest[one.cause, one.who]
            if one.start < group.end or one.start - group.last_start <= _TOGETHER
        ]
        latest[one.cause, one.who] = alike
        if alike:
            group = alike[-1]
            group.outages.append(one)
            group.last_start, group.end = one.start, max(group.end, one.end)
        else:
            group = _Group([one], one.start, one.end)
            alike.append(group)
            groups.append(group)
    found = [OwnIncident(outages=tuple(one.outages), start=one.outages[0].start, end=one.end) for one in groups]
    return sorted(found, key=lambda one: (one.start, one.end))


def _common_s(mine: OwnIncident, told: ReceivedIncident) -> float:
    common = min(mine.end, told.incident.to) - max(mine.start, told.start)
    return max(0.0, common.total_seconds())


def _may_be(mine: OwnIncident, told: ReceivedIncident) -> bool:
    if mine.start - _BESIDE > told.incident.to or mine.end + _BESIDE < told.start:
        return False
    named = {one.casefold() for one in told.incident.servers}
    return (not named and not mine.excused) or any(one.casefold() in named for one in mine.servers)
