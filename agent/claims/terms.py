"""Which revision of the contract holds when, and which claims hold unchanged for how long."""

from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from agent.claims.month import Month, utc_midnight
from agent.claims.planned import OffTime, off_times
from agent.claims.seconds import Stretches, second
from agent.claims.service_hours import service_hours
from agent.dataclass import dataclass
from agent.model.contract import Contract, ContractTerms, ServiceGroup
from agent.model.contract_claims import Claim
from agent.model.contract_folder import ContractFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A part of a month under one revision. Seconds since 1970."""

    revision: int
    terms: ContractTerms
    start: int
    end: int
    off: tuple[OffTime, ...]
    """planned and excluded time in it"""

    def group(self, group_id: str) -> ServiceGroup:
        """One of its service groups; KeyError never for a folder that was checked."""
        return {one.id: one for one in self.terms.service_groups}[group_id]

    def hours(self, group: ServiceGroup) -> Stretches:
        """The group's service hours in it."""
        calendar = self.terms.calendars[group.calendar]
        return service_hours(calendar, ZoneInfo(self.terms.time_zone), self.start, self.end)


class ClaimStretch(NamedTuple):
    """A claim as it held without a change, over one or more revisions."""

    claim: Claim
    segments: tuple[Segment, ...]


def newest(folder: ContractFolder) -> Contract:
    """The last revision."""
    return folder.contracts[-1]


def month_of(folder: ContractFolder, name: str) -> Month:
    """A month by the clocks of the contract's time zone, which is the same in all revisions."""
    return Month.of(name, newest(folder).spec.time_zone)


def in_force(folder: ContractFolder, month: Month) -> tuple[Segment, ...]:
    """The revisions that hold in a month, each from when to when; where none holds there is no segment."""
    start, end = month.seconds
    spans = [(one, *_validity(one, month.zone, end)) for one in folder.contracts]
    edges = sorted({start, end, *(edge for _, *pair in spans for edge in pair if start < edge < end)})
    found: list[tuple[Contract, int, int]] = []
    for begin, until in pairwise(edges):
        holding = [one for one, valid_from, valid_to in spans if valid_from <= begin < valid_to]
        if not holding:
            continue
        latest = holding[-1]
        if found and found[-1][0] is latest and found[-1][2] == begin:
            found[-1] = (latest, found[-1][1], until)
        else:
            found.append((latest, begin, until))
    return tuple(
        Segment(
            revision=one.metadata.revision,
            terms=one.spec,
            start=begin,
            end=until,
            off=off_times(one.spec, folder.notices, folder.exclusions, begin, until),
        )
        for one, begin, until in found
    )


def claim_stretches(segments: tuple[Segment, ...]) -> tuple[ClaimStretch, ...]:
    """Each claim over the time in which neither it nor the way it is measured changed, in the contract's order."""
    found: list[ClaimStretch] = []
    for segment in segments:
        for claim in segment.terms.claims:
            at = next((n for n, one in enumerate(found) if _goes_on(one, claim, segment)), None)
            if at is None:
                found.append(ClaimStretch(claim, (segment,)))
            else:
                found[at] = ClaimStretch(claim, (*found[at].segments, segment))
    return tuple(found)


def _goes_on(stretch: ClaimStretch, claim: Claim, segment: Segment) -> bool:
    last = stretch.segments[-1]
    return (
        last.end == segment.start
        and stretch.claim == claim
        and last.terms.measurement == segment.terms.measurement
        and _aggregation(last, claim) == _aggregation(segment, claim)
    )


def _aggregation(segment: Segment, claim: Claim) -> object:
    group = claim.scope.service_group
    return segment.group(group).aggregation if group is not None else None


def _validity(contract: Contract, zone: ZoneInfo, end: int) -> tuple[int, int]:
    valid_from = second(utc_midnight(contract.spec.valid_from, zone))
    valid_to = second(utc_midnight(contract.spec.valid_to, zone)) if contract.spec.valid_to else end
    return valid_from, max(valid_to, valid_from)
