"""What the health checks found: states, findings with their evidence, and what could not be judged and why."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime, timedelta
from enum import StrEnum

from agent.dataclass import dataclass


class State(StrEnum):
    """What a check says of one object. Worse is later; `worst` compares."""

    OK = "ok"
    NOT_APPLICABLE = "not applicable"
    INFO = "info"
    """worth knowing, no fault"""
    UNKNOWN = "unknown"
    WARNING = "warning"
    CRITICAL = "critical"


_ORDER = {state: rank for rank, state in enumerate(State)}


def worst(states: set[State]) -> State:
    """The worst of several states; ok if there are none."""
    return max(states, key=_ORDER.__getitem__, default=State.OK)


class Reason(StrEnum):
    """Why something is unknown."""

    NO_PRIVILEGE = "no privilege"
    NOT_VISIBLE = "not visible"
    """the object is there, for others refer to it, but the account does not see it"""
    STALE = "stale"
    """not read, or not read lately"""
    NOT_TOLD = "not told"
    """vCenter has no value, as old versions have none for new properties"""
    NOT_UNDERSTOOD = "not understood"
    FAILED = "failed"
    """the check itself raised: a bug of ours"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A value with its source, e.g. `VirtualMachine.runtime.consolidationNeeded`, and when it was read."""

    source: str
    value: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Fault:
    """What a check yields for the object it looks at: how bad, and the sentence that says what.

    `part` tells several faults of one object apart (a snapshot, a network card). `on` is the moid of another object
    that the fault belongs to, `named` what that is called where the inventory has it no more. Without `evidence` the runner takes the values of the fields that the check needs.
    """

    state: State
    message: str
    part: str = ""
    on: str | None = None
    named: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """Somebody knows of a finding and says why it may stand, and until when."""

    reason: str
    until: datetime
    """the first instant at which it holds no more"""
    by: str | None = None

    @property
    def last_day(self) -> date:
        """The last day on which it holds, UTC."""
        return (self.until - timedelta(microseconds=1)).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault of one object. `object_id` is the id that the object's metrics carry: for a VM its `vm_id`."""

    check: str
    state: State
    kind: str
    """vm, host, cluster, datastore, … as metric names have it"""
    object_id: str
    moid: str
    object_name: str
    part: str
    message: str
    evidence: tuple[Evidence, ...] = ()
    acknowledged: Acknowledgement | None = None
    since: datetime | None = None
    """when it was first seen, on the agent's clock; None where nobody remembers"""

    @property
    def key(self) -> tuple[str, str, str]:
        """The same finding, run after run."""
        return self.check, self.object_id, self.part


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Objects of which a check could not judge, for one and the same reason."""

    check: str
    kind: str
    reason: Reason
    source: str
    """the property that is missing"""
    privilege: str | None
    objects: tuple[str, ...]
    """their names, or moids where they have none; empty where not even the objects are known"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthReport:
    """Everything that all checks said of one vCenter at one time."""

    evaluated_at: datetime
    """the agent's clock"""
    findings: tuple[Finding, ...] = ()
    """worst first, acknowledged ones among them"""
    gaps: tuple[Gap, ...] = ()
    tally: Mapping[str, Mapping[State, int]] = field(default_factory=dict)
    """objects by check and state; acknowledged findings count as what they are"""
    notes: tuple[str, ...] = ()
    """what a reader of the figures has to know: dates of tables, acknowledgements that have expired"""

    @property
    def state(self) -> State:
        """The worst that is not acknowledged; unknown is better than a warning and worse than ok."""
        open_states = {finding.state for finding in self.findings if finding.acknowledged is None} - {State.INFO}
        return worst(open_states | ({State.UNKNOWN} if self.gaps else set()))
