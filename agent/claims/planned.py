"""Planned work that counts as such: the contract's windows, and notices that came in time and named servers."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from agent.claims.month import Month
from agent.claims.recurrence import occurrences
from agent.claims.seconds import Stretch, Stretches, instant, second, total, united, within
from agent.claims.selection import applies, group_of
from agent.dataclass import dataclass
from agent.model.claim_evidence import ServerRecord
from agent.model.contract import ContractTerms, ExclusionReason, ServiceGroup
from agent.model.contract_files import Exclusion, Notice
from agent.model.contract_time import AppliesTo, PlannedRules, PlannedWindow

LATE_NOTICE, NO_SERVERS, NOT_IN_CONTRACT = "late_notice", "no_servers", "not_in_contract"
OVER_MONTH_LIMIT = "over_month_limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class OffTime:
    """A stretch in which some servers owe nothing, if it is accepted."""

    reference: str
    reason: ExclusionReason
    announced: Stretch
    """as written, whole"""
    where: AppliesTo
    accepted: Stretches
    """what of it counts; empty if nothing does"""
    why_not: str | None = None
    """why not all of it counts"""
    clause: str | None = None
    notice: Notice | None = None
    exclusion: Exclusion | None = None


def off_times(
    terms: ContractTerms, notices: Iterable[Notice], exclusions: Iterable[Exclusion], start: int, end: int
) -> tuple[OffTime, ...]:
    """All planned and excluded time that has a second in the stretch, accepted or not, in order of its begin."""
    zone = ZoneInfo(terms.time_zone)
    found = [one for window in terms.planned_windows for one in _windows(window, zone, start, end)]
    found += [_notice(one, terms) for one in notices if _touches(one.from_, one.to, start, end)]
    found += [_exclusion(one, terms) for one in exclusions if _touches(one.from_, one.to, start, end)]
    return tuple(sorted(found, key=lambda one: (one.announced, one.reference)))


def accepted(
    times: Sequence[OffTime], server: ServerRecord, groups: Sequence[ServiceGroup], *, planned: bool
) -> Stretches:
    """The seconds in which a server owes nothing because of planned work, or because of other exclusions."""
    return united(
        *(
            one.accepted
            for one in times
            if one.accepted and (one.reason is ExclusionReason.PLANNED) is planned and concerns(one, server, groups)
        )
    )


def concerns(time: OffTime, server: ServerRecord, groups: Sequence[ServiceGroup]) -> bool:
    """Whether it is about a server, as that was called and grouped when it began."""
    identity = server.identity(instant(time.announced[0]))
    group = group_of(groups, identity)
    return applies(time.where, identity.name, group.id if group else None)


def _windows(window: PlannedWindow, zone: ZoneInfo, start: int, end: int) -> list[OffTime]:
    """Occurrences; what a month has too much of is cut off from its end, whatever part of the month is asked for."""
    left: dict[str, int] = {}
    found = []
    first = Month.holding(instant(start), zone)
    for occurrence in occurrences(window, zone, first.seconds[0], end):
        counts: list[Stretch] = []
        month = Month.holding(instant(occurrence[0]), zone)
        while month.seconds[0] < occurrence[1]:
            for begin, until in within((occurrence,), *month.seconds):
                room = left.get(month.name, window.max_per_month if window.max_per_month is not None else until - begin)
                taken = min(room, until - begin)
                if window.max_per_month is not None:
                    left[month.name] = room - taken
                counts.append((begin, begin + taken))
            month = month.following
        whole = united(counts)
        if occurrence[1] <= start:
            continue
        found.append(
            OffTime(
                reference=window.id,
                reason=ExclusionReason.PLANNED,
                announced=occurrence,
                where=window.applies_to,
                accepted=within(whole, start, end),
                why_not=OVER_MONTH_LIMIT if total(whole) < occurrence[1] - occurrence[0] else None,
                clause=window.clause,
            )
        )
    return found


def refusal(notice: Notice, rules: PlannedRules) -> str | None:
    """Why a notice excludes nothing; None if it does."""
    if rules.require_listed_objects and not (notice.servers or notice.service_groups):
        return NO_SERVERS
    if notice.from_ - notice.received_at < timedelta(hours=rules.notice_hours):
        return LATE_NOTICE
    return None


def _notice(notice: Notice, terms: ContractTerms) -> OffTime:
    announced = (second(notice.from_), second(notice.to))
    in_contract = ExclusionReason.PLANNED in terms.exclusions
    why_not = refusal(notice, terms.planned_rules) if in_contract else NOT_IN_CONTRACT
    return OffTime(
        reference=notice.id,
        reason=ExclusionReason.PLANNED,
        announced=announced,
        where=AppliesTo(service_groups=notice.service_groups, servers=notice.servers),
        accepted=(announced,) if why_not is None else (),
        why_not=why_not,
        notice=notice,
    )


def _exclusion(exclusion: Exclusion, terms: ContractTerms) -> OffTime:
    announced = (second(exclusion.from_), second(exclusion.to))
    reason = ExclusionReason(exclusion.reason)
    accepted_reason = reason in terms.exclusions
    return OffTime(
        reference=exclusion.id,
        reason=reason,
        announced=announced,
        where=AppliesTo(service_groups=exclusion.service_groups, servers=exclusion.servers),
        accepted=(announced,) if accepted_reason else (),
        why_not=None if accepted_reason else NOT_IN_CONTRACT,
        exclusion=exclusion,
    )


def _touches(begin: datetime, until: datetime, start: int, end: int) -> bool:
    return second(begin) < end and second(until) > start
