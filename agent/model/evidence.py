"""What the ledger judges from: events, observed properties, counters, and when the agent was able to see.

All times are UTC on vCenter's clock (the collectors add the measured offset), except `learned_at`, which is when the
agent came to know, on its own clock. Every span is half-open.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from agent.dataclass import dataclass
from agent.model.event import Event

PRESENT = "@present"
"""The path of an observation that the object itself came into view or went out of it."""
SEEN = "seen"
GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From `start` until just before `end`."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEvent:
    """An event and when the agent first read it. The same event may be given twice; the first reading counts."""

    event: Event
    learned_at: datetime
    purged: bool = False
    """what was personal of it was taken out of the ledger since"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A property had this value when it was read. Only changes need to be kept: see `Coverage.watched`.

    After GONE and SEEN all values are to be recorded again, changed or not.

    `path` is the PropertyCollector's, or PRESENT with the values SEEN and GONE. Understood are, of a VM:
    runtime.powerState, runtime.bootTime, runtime.suspendTime, runtime.connectionState, runtime.host,
    guestHeartbeatStatus, guest.toolsRunningStatus, guest.guestState; of a host: runtime.connectionState,
    runtime.inMaintenanceMode, runtime.bootTime; of a datastore: summary.accessible. Others are ignored.
    """

    path: str
    value: str | datetime | None
    """as on the wire (`poweredOn`, `true`); times as datetime; None: vCenter said that there is none"""
    at: datetime
    learned_at: datetime
    pushed: bool = True
    """by WaitForUpdatesEx, so nothing changed since the last push; otherwise polled"""
    sequence: int = 0
    """in which order they were read, by any number that grows, such as the record's row: vCenter's clock may step back"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterSample:
    """One sample of sys.uptime.latest or sys.osUptime.latest (seconds), or sys.heartbeat.summation (beats), of a VM."""

    counter: str
    at: datetime
    """the end of the sample's interval"""
    interval_s: int
    value: int
    learned_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredWindow:
    """vCenter's events of this span were read, all of them, at `learned_at`."""

    start: datetime
    end: datetime
    learned_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """When one vCenter could be seen; shared by all its objects."""

    windows: tuple[CoveredWindow, ...] = ()
    watched: tuple[Span, ...] = ()
    """while the stream of property updates ran: in such a span a value holds until the next observation of it"""
    away: tuple[Span, ...] = ()
    """while the agent ran and vCenter did not answer: it may have posted nothing for what happened then"""
    clock_jumps: tuple[Span, ...] = ()
    """what vCenter's clock skipped, or told twice: the time stamps of this span say nothing"""
    server_starts: tuple[RecordedEvent, ...] = ()
    """ServerStartedSessionEvent: vCenter itself had been down until then"""
    oldest_kept: datetime | None = None
    """vCenter has deleted its events before this time"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectEvidence:
    """Everything known of one VM, host or datastore, in any order.

    `events` are those that name the object. Give all there is, also from before and after the time asked about:
    what held at its start is proved by what came before, and what came later may prove what happened in it.
    """

    object_id: str
    """as the ledger names it (`vm_id`, `host_id`, `datastore_id`); only copied"""
    events: tuple[RecordedEvent, ...] = ()
    observations: tuple[Observation, ...] = ()
    samples: tuple[CounterSample, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VCenterEvidence:
    """All that one vCenter and the agent's own records say. Hosts by moid, because events and `runtime.host` name that."""

    coverage: Coverage
    vms: Mapping[str, ObjectEvidence] = field(default_factory=dict)
    hosts: Mapping[str, ObjectEvidence] = field(default_factory=dict)
    datastores: Mapping[str, ObjectEvidence] = field(default_factory=dict)
