"""What the ledger says: for every object and every moment a state, why, who did it, and what proves it.

All times are UTC on vCenter's clock, to the microsecond as vCenter gives them; `learned_at` is on the agent's clock.
"""

from datetime import datetime
from enum import StrEnum

from agent.dataclass import dataclass


class State(StrEnum):
    """In which state an object is. VMs have the first four, hosts the next four, datastores the next two."""

    UP = "up"
    """powered on, and nothing says that the guest was silent"""
    DOWN = "down"
    """powered off, or not there"""
    SUSPENDED = "suspended"
    GUEST_SILENT = "guest_silent"
    """powered on, and the guest was proved to be silent: hung, crashed, or between reset and boot"""

    CONNECTED = "connected"
    NOT_RESPONDING = "not_responding"
    """no heartbeats: the host is down, or only its connection is"""
    DISCONNECTED = "disconnected"
    """somebody took the host off vCenter"""
    MAINTENANCE = "maintenance"
    """connected, and not to run VMs"""

    ACCESSIBLE = "accessible"
    INACCESSIBLE = "inaccessible"

    UNKNOWN = "unknown"
    """nothing could tell"""


VM_STATES = (State.UP, State.DOWN, State.SUSPENDED, State.GUEST_SILENT, State.UNKNOWN)
HOST_STATES = (State.CONNECTED, State.NOT_RESPONDING, State.DISCONNECTED, State.MAINTENANCE, State.UNKNOWN)
DATASTORE_STATES = (State.ACCESSIBLE, State.INACCESSIBLE, State.UNKNOWN)


class Cause(StrEnum):
    """Why an object was not up, or why nobody knows."""

    # of DOWN, SUSPENDED and GUEST_SILENT
    POWER_OFF = "power_off"
    """somebody, or nobody known, switched it off"""
    GUEST_SHUTDOWN = "guest_shutdown"
    """the guest was asked to shut down, or did it by itself"""
    SUSPEND = "suspend"
    HOST_FAILURE = "host_failure"
    HOST_ISOLATION = "host_isolation"
    CRASH = "crash"
    """the VM was killed, or its guest's kernel crashed"""
    RESET = "reset"
    GUEST_REBOOT = "guest_reboot"
    HANG = "hang"
    """no heartbeat while powered on"""
    DATASTORE_LOSS = "datastore_loss"
    REMOVED = "removed"
    NOT_CREATED = "not_created"
    MIGRATION = "migration"
    RESTART_UNSEEN = "restart_unseen"
    """a boot time proves that it was restarted; when it went down is not known"""

    # of UNKNOWN
    AGENT_OFF = "agent_off"
    VCENTER_AWAY = "vcenter_away"
    HOST_NOT_RESPONDING = "host_not_responding"
    HOST_DISCONNECTED = "host_disconnected"
    NOT_CONNECTED = "not_connected"
    """vCenter calls the VM disconnected, orphaned or invalid"""
    EVENTS_PURGED = "events_purged"
    EVENTS_UNREAD = "events_unread"
    """vCenter's events of this time were not read, or not yet"""
    NOT_VISIBLE = "not_visible"
    CLOCK_JUMP = "clock_jump"
    CONTRADICTION = "contradiction"
    """two proofs disagree and no event lies between them"""
    NEVER_OBSERVED = "never_observed"

    # of hosts
    SHUTDOWN = "shutdown"


class EvidenceKind(StrEnum):
    """Where a piece of evidence comes from."""

    EVENT = "event"
    PROPERTY = "property"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing that vCenter said, as the ledger prints it."""

    kind: EvidenceKind
    name: str
    """an event's type id, a property's path, a counter's name"""
    at: datetime
    """an event's createdTime, when a property was read, the end of a sample's interval"""
    learned_at: datetime
    event_key: int | None = None
    value: str | None = None
    """of a property or a counter"""
    about: str | None = None
    """the managed object id of the host or datastore that it is about, where that is another object"""
    ledger: str | None = None
    """in a merged ledger, the label of the one that it is from"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """From `start` until just before `end` the object was in `state`."""

    start: datetime
    end: datetime
    state: State
    cause: Cause | None = None
    who: str | None = None
    """the user who did it, as the event names them"""
    evidence: tuple[Evidence, ...] = ()
    learned_at: datetime | None = None
    """when the newest of what this rests on was learned"""

    @property
    def seconds(self) -> float:
        """Length."""
        return (self.end - self.start).total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that took no time that could be measured: a migration; a reset or reboot of a guest that reports nothing."""

    at: datetime
    cause: Cause
    who: str | None = None
    evidence: tuple[Evidence, ...] = ()
    learned_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two proofs that cannot both be right, and no event between them although all events were read."""

    start: datetime
    end: datetime
    before: str
    """what the first proof says: `on`, `off`, `suspended`, or a host's or datastore's state"""
    after: str
    evidence: tuple[Evidence, ...]
    ledgers: tuple[str, str] | None = None
    """two ledgers that were merged say different things of the same time: `before` is the first's, `after` the second's"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """One object from `start` until just before `end`: `intervals` follow each other without gap or overlap."""

    object_id: str
    start: datetime
    end: datetime
    intervals: tuple[Interval, ...]
    moments: tuple[Moment, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """One line of the list that a person reads."""

    object_id: str
    start: datetime
    """when it was down for certain; for RESTART_UNSEEN, and where nothing measured the length, the end"""
    end: datetime
    earliest_start: datetime
    """when it may have gone down already; equal to `start` where that is known"""
    ongoing: bool
    """it had not ended at the end of the ledger, or of what is known"""
    state: State
    cause: Cause | None
    who: str | None
    evidence: tuple[Evidence, ...]
    learned_at: datetime | None

    @property
    def seconds(self) -> float:
        """What is certain; 0 where nothing measured the length."""
        return (self.end - self.start).total_seconds()

    @property
    def seconds_at_most(self) -> float:
        """What is possible."""
        return (self.end - self.earliest_start).total_seconds()
