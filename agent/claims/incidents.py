"""Matching the vendor's list of incidents with our outages. Pure.

Outages of one cause that overlap, or begin within two minutes of each other, are one incident: a failed host takes a dozen
servers down. An incident of the vendor's matches the one of ours that it has most time in common with; a quarter of an
hour beside it still counts as the same, if nothing lies nearer. Where the vendor names servers, one at least must be the same.
What the vendor need not tell of, such as a server that the customer keeps switched off, is matched only if it is named.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

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


def grouped(outages: Iterable[ServerOutage]) -> list[OwnIncident]:
    """Outages that belong together, in order of their begin."""
    groups: list[list[ServerOutage]] = []
    for one in sorted(outages, key=lambda one: (one.start, one.end, one.name)):
        for group in reversed(groups):
            begun_together = one.start - max(other.start for other in group) <= _TOGETHER
            overlaps = one.start < max(other.end for other in group)
            if one.cause is group[0].cause and one.who == group[0].who and (begun_together or overlaps):
                group.append(one)
                break
        else:
            groups.append([one])
    found = [
        OwnIncident(
            outages=tuple(group),
            start=min(one.start for one in group),
            end=max(one.end for one in group),
        )
        for group in groups
    ]
    return sorted(found, key=lambda one: (one.start, one.end))


def _common_s(mine: OwnIncident, told: ReceivedIncident) -> float:
    common = min(mine.end, told.incident.to) - max(mine.start, told.start)
    return max(0.0, common.total_seconds())


def _may_be(mine: OwnIncident, told: ReceivedIncident) -> bool:
    if mine.start - _BESIDE > told.incident.to or mine.end + _BESIDE < told.start:
        return False
    named = {one.casefold() for one in told.incident.servers}
    return (not named and not mine.excused) or any(one.casefold() in named for one in mine.servers)
