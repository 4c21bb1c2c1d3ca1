"""What came out of setting a contract against the ledger: a verdict for each claim, with what it rests on.

Figures are exact fractions in the unit of the claim's target (percent: 0 to 100), times UTC, durations whole seconds.
`agent.model.verdict_words` says it in sentences.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from agent.dataclass import dataclass
from agent.model.availability import Interval
from agent.model.contract import Aggregation, Clock, ExclusionReason
from agent.model.contract_claims import Claim, EvidenceClass


class Verdict(StrEnum):
    """The four answers."""

    MET = "met"
    """the lower bound holds: even if all unknown time was bad"""
    BREACHED = "breached"
    """the upper bound fails: even if all unknown time was good"""
    UNDECIDED = "undecided"
    """the bounds lie on both sides of the target"""
    NO_VERDICT = "no_verdict"
    """too little is known, or nothing at all; `ClaimResult.reason` says which"""


class Reason(StrEnum):
    """Why there is no verdict, or no certain one."""

    LOW_COVERAGE = "low_coverage"
    UNKNOWN_TIME = "unknown_time"
    MONTH_RUNS = "month_runs"
    """the target is missed so far, and the rest of the month can still make up for it"""
    NO_OBJECTS = "no_objects"
    """nothing is in the scope of the claim"""
    NO_AGREED_TIME = "no_agreed_time"
    """all time of the month lies outside of service hours, or is excluded"""
    NOT_RECORDED = "not_recorded"
    """what the measure needs is not in the ledger for this time"""
    NO_SOURCE = "no_source"
    """a file or an attribute that the claim names is not there"""


class Bounds(NamedTuple):
    """From what is possible at worst to what is possible at best; equal where all is known."""

    lower: Fraction
    upper: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Seconds of one server, or of a group. Agreed time = service hours without planned and excluded time."""

    agreed_s: int = 0
    down_s: int = 0
    """of the agreed time, certainly down"""
    unknown_s: int = 0
    """of the agreed time, nothing could tell; what is certainly down is not in it"""
    planned_s: int = 0
    """of the service hours, in accepted planned work"""
    excluded_s: int = 0
    """of the service hours, excluded for another reason and not planned already"""

    @property
    def known_s(self) -> int:
        """Of the agreed time."""
        return self.agreed_s - self.unknown_s

    @property
    def coverage(self) -> Fraction | None:
        """Known share of the agreed time, 0 to 1; None without agreed time."""
        return Fraction(self.known_s, self.agreed_s) if self.agreed_s else None

    @property
    def bounds(self) -> Bounds | None:
        """Availability in percent, unknown time counted as down and as up; None without agreed time."""
        if not self.agreed_s:
            return None
        up = self.agreed_s - self.down_s
        return Bounds(Fraction(100 * (up - self.unknown_s), self.agreed_s), Fraction(100 * up, self.agreed_s))

    @property
    def known_basis(self) -> Fraction | None:
        """Availability in percent of the known time alone; None if nothing is known."""
        return Fraction(100 * (self.known_s - self.down_s), self.known_s) if self.known_s else None


class Outside(StrEnum):
    """Why down time is not held against the vendor."""

    SERVICE_HOURS = "service_hours"
    PLANNED = "planned"
    EXCLUDED = "excluded"
    TOO_SHORT = "too_short"
    NOT_NOTIFIED = "not_notified"
    """by the clock that starts with the notice to the vendor"""
    CUSTOMER = "customer"
    """a user of the customer did it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedOutage:
    """A stretch in which a server was down, and how much of it counts by the clock that decides."""

    start: datetime
    end: datetime
    seconds: int
    """from start to end, within the month, as the contract counts outages"""
    counted_s: int
    outside: tuple[Outside, ...] = ()
    """why the rest does not count"""
    references: tuple[str, ...] = ()
    """ids of the windows, notices and exclusions that it fell into"""
    intervals: tuple[Interval, ...] = ()
    """as the ledger has it, whole, with its evidence"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredObject:
    """One server, host, cluster or datastore within a claim."""

    vcenter: str
    object_id: str
    """`vm_id`, or a moid"""
    name: str
    bounds: Bounds | None
    """None: nothing is known of it"""
    verdict: Verdict
    tally: Tally | None = None
    """of availability"""
    outages: tuple[CountedOutage, ...] = ()
    """of availability"""
    worst_at: datetime | None = None
    """when the worst value was seen, for values that are looked at again and again"""
    looks: int = 0
    failed: int = 0
    """looks in which the target did not hold"""
    detail: str | None = None
    """what the value was, in words of vCenter: a build, a snapshot's name"""


class CreditState(StrEnum):
    """What is to be done about it."""

    NONE = "none"
    DUE = "due"
    """certain, and there is still time to claim it"""
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """What a breach is worth. `amount` is None where the contract names no fee."""

    base: str
    percent: Fraction
    """before caps, of the base; of all breaching servers together where the contract says `per: server`"""
    amount: Fraction | None
    """after caps"""
    uncapped: Fraction | None
    capped_by: str | None
    """`month`, `year`"""
    currency: str
    last_day: date | None
    """to claim it"""
    state: CreditState
    at_most_percent: Fraction
    """if all unknown time was down"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimResult:
    """One claim over one stretch of a month: all of it, unless a revision changed the claim within the month."""

    claim: Claim
    revision: int
    month: str
    start: datetime
    end: datetime
    judged_until: datetime
    """`end`, or as far as the ledger knows"""
    verdict: Verdict
    reason: Reason | None
    bounds: Bounds | None
    """of the aggregation and clock that the contract picks"""
    coverage: Fraction | None
    """0 to 1"""
    evidence: EvidenceClass
    decimals: int
    """figures are cut off after so many"""
    least_coverage: Fraction = Fraction(0)
    """percent, below which the contract gives no verdict"""
    objects: tuple[MeasuredObject, ...] = ()
    """the worst first"""
    aggregation: Aggregation | None = None
    clock: Clock | None = None
    figures: Mapping[tuple[Clock, Aggregation], Bounds] = field(default_factory=dict)
    """of availability: both clocks, all four aggregations"""
    tally: Tally | None = None
    """of availability: of the group as it is aggregated; of the worst server for per-vm"""
    budget_s: Fraction | None = None
    """of availability: how long may be down in the whole stretch; pooled over all servers where the figure is"""
    looks: int = 0
    looks_failed: int = 0
    looks_unknown: int = 0
    reported: Fraction | None = None
    """what the vendor says"""
    reported_document: str | None = None
    credit: Credit | None = None

    @property
    def complete(self) -> bool:
        """Whether the whole stretch is judged."""
        return self.judged_until >= self.end

    @property
    def difference(self) -> Bounds | None:
        """The vendor's figure minus ours: with our best, and with our worst."""
        if self.reported is None or self.bounds is None:
            return None
        return Bounds(self.reported - self.bounds.upper, self.reported - self.bounds.lower)

    @property
    def false_claim(self) -> bool:
        """Whether the vendor reports the target as met although it was certainly breached."""
        return self.reported is not None and self.verdict is Verdict.BREACHED and self.claim.target.holds(self.reported)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedUse:
    """An occurrence of planned work, and what became of it."""

    reference: str
    """id of the window or the notice"""
    start: datetime
    end: datetime
    accepted: bool
    why_not: str | None = None
    """`late_notice`, `no_servers`, `over_month_limit`, `not_in_contract`"""
    servers: int = 0
    """it applies to"""
    used_s: int = 0
    """any of them was down in it"""
    overrun_s: int = 0
    """a server that went down in it stayed down after the end, at most"""
    clause: str | None = None
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcludedTime:
    """An exclusion of the folder, and whether the contract accepts it."""

    id: str
    reason: ExclusionReason
    start: datetime
    end: datetime
    accepted: bool
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthResult:
    """A month of a contract."""

    contract: str
    month: str
    start: datetime
    end: datetime
    judged_until: datetime | None
    """None: nothing of the month is in the ledger"""
    revisions: tuple[int, ...]
    claims: tuple[ClaimResult, ...]
    planned: tuple[PlannedUse, ...] = ()
    excluded: tuple[ExcludedTime, ...] = ()
    unmatched: tuple[str, ...] = ()
    """names of servers that are in no service group"""
