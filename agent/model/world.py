"""All that is known, frozen: what every exporter is a function of."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta

from agent.dataclass import dataclass
from agent.model.availability import Outage, State
from agent.model.claims_status import ClaimsStatus
from agent.model.guest_address import GuestAddress
from agent.model.health import HealthReport
from agent.model.inventory import Inventory
from agent.model.labelling import Labelling
from agent.model.performance import Performance

STALE_AFTER_INTERVALS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What stands between us and a vCenter: `kind` is the stable word of `agent.errors`, since when, and the cure."""

    kind: str
    problem: str
    cure: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectorStatus:
    """How one collector of one vCenter is doing. Times on the agent's clock, durations in seconds."""

    interval_s: float
    runs: int = 0
    failures: int = 0
    bugs: int = 0
    last_success: datetime | None = None
    last_duration_s: float | None = None

    def stale(self, now: datetime) -> bool:
        """Whether nothing was refreshed for three intervals."""
        if self.last_success is None:
            return True
        return now - self.last_success > timedelta(seconds=STALE_AFTER_INTERVALS * self.interval_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStatistics:
    """SOAP traffic since the start of the agent, by operation name."""

    calls: Mapping[str, int] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    errors: Mapping[str, int] = field(default_factory=dict)
    """by the `kind` of agent.errors"""
    bytes_received: int = 0
    logins: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class VmAvailability:
    """One VM as of `LedgerStatus.judged_until`. The month is the calendar month in UTC that this instant lies in."""

    name: str
    state: State
    since: datetime
    """when this state began; the begin of the month, or of the ledger, if it began before"""
    month_outages: int
    month_down_s: float
    """certainly not up: off, suspended, removed, or its guest silent"""
    month_unknown_s: float
    """nothing could tell; the time before the VM, or the ledger, began is not counted"""
    outages: int | None = None
    """since the ledger began; this and the two below are None until all its months were judged"""
    down_s: float | None = None
    unknown_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentOutage:
    """An outage with the name of its object as it was then; `kind` is vm, host or datastore."""

    kind: str
    name: str
    outage: Outage


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerStatus:
    """How the ledger of one vCenter is doing. Times of vCenter unless told otherwise."""

    problems: Mapping[str, Problem] = field(default_factory=dict)
    """what keeps the ledger from being written or judged, by the part that says so: events, observations, judgement"""
    covered_until: datetime | None = None
    """all events before this time were read"""
    event_lag_s: float | None = None
    """how far that is behind vCenter's clock"""
    retention_days: int | None = None
    """how long vCenter keeps events; None: for ever, or not told"""
    events: Mapping[str, int] = field(default_factory=dict)
    """recorded events by kind"""
    undecodable_events: int = 0
    chain_valid: bool | None = None
    """whether every row is as it was written; None before the first check"""
    chain_problem: str | None = None
    chain_rows: int = 0
    verified_at: datetime | None = None
    """the agent's clock"""
    judged_until: datetime | None = None
    vms: Mapping[str, VmAvailability] = field(default_factory=dict)
    """by vm_id"""
    contradictions: int = 0
    """pairs of proofs of this month that cannot both be right"""
    recent_outages: tuple[RecentOutage, ...] = ()
    """of this month and the one before, newest first, at most 200"""

    @property
    def ok(self) -> bool:
        """Whether everything is written and nothing was altered."""
        return not self.problems and self.chain_valid is not False


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteWriteStatus:
    """How the sending of late samples stands, since the agent was started."""

    sent: int = 0
    """samples that the receiver took"""
    refused: int = 0
    """samples that the receiver will never take: too old, or out of order where it does not allow that"""
    dropped: int = 0
    """samples for which there was no room on the disk any more"""
    waiting_bytes: int = 0
    """requests on the disk that were not taken yet"""
    last_success: datetime | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One configured vCenter (or standalone host): how we stand with it and what we last read.

    `collectors` has "inventory" (pushed properties and the connection), "quick" and "slow" (paced bulk reads), and
    "performance" and "events" once those have made a round.
    """

    name: str
    address: str
    up: bool = False
    problem: Problem | None = None
    login_blocked: bool = False
    connected_since: datetime | None = None
    clock_offset_s: float | None = None
    """vCenter's clock minus ours."""
    certificate_expires: datetime | None = None
    inventory: Inventory | None = None
    performance: Performance | None = None
    collectors: Mapping[str, CollectorStatus] = field(default_factory=dict)
    calls: CallStatistics = field(default_factory=CallStatistics)
    ledger: LedgerStatus = field(default_factory=LedgerStatus)
    labelling: Labelling = field(default_factory=Labelling)
    addresses: Mapping[str, GuestAddress] = field(default_factory=dict)
    """the last known address of each guest, by vm_id; what is told now is in the inventory"""
    health: HealthReport | None = None
    """what all health checks said; None before they were made"""

    def visible_inventory(self, now: datetime) -> Inventory | None:
        """What may still be shown: nothing once the connection was silent for three intervals."""
        status = self.collectors.get("inventory")
        if status is None or status.stale(now):
            return None
        return self.inventory


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything the agent knows, of all vCenters, by their configured names."""

    version: str
    started_at: datetime
    targets: Mapping[str, Target] = field(default_factory=dict)
    claims: ClaimsStatus | None = None
    """None: the configuration names no contract"""
    remote_write: RemoteWriteStatus | None = None
    """None: late samples are sent nowhere"""
