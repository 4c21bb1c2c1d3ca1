"""All that is known, frozen: what every exporter is a function of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agent.model.inventory import Inventory
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
class Target:
    """One configured vCenter (or standalone host): how we stand with it and what we last read.

    `collectors` has "inventory" (pushed properties and the connection), "quick" and "slow" (paced bulk reads), and
    "performance" once that has made a round.
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
