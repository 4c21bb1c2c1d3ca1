"""What vCenter's events mean for the power of a VM: the table of docs/ledger.md, and who is to be named."""

from collections.abc import Sequence
from datetime import timedelta

from agent.ledger.knowledge import event_evidence
from agent.ledger.timeline import ANY, Mark
from agent.model.availability import Cause, Evidence
from agent.model.evidence import RecordedEvent

ON, OFF, SUSPENDED = 0b001, 0b010, 0b100
NAMES = {ON: "on", OFF: "off", SUSPENDED: "suspended", ON | SUSPENDED: "not off", OFF | SUSPENDED: "not on"}

POWERED_ON = frozenset({"VmPoweredOnEvent", "DrsVmPoweredOnEvent"})
RESTARTED_BY_HA = frozenset({"com.vmware.vc.ha.VmRestartedByHAEvent", "VmRestartedOnAlternateHostEvent"})
ISOLATED_VM = frozenset({"VmPowerOffOnIsolationEvent", "VmShutdownOnIsolationEvent"})
STORAGE_TERMINATED = frozenset({"com.vmware.vc.HA.VmcpTerminatingVm"})
KILLED = "esx.problem.vm.kill.unexpected."
CREATED = frozenset({"VmCreatedEvent", "VmClonedEvent", "VmDeployedEvent"})
REGISTERED = "VmRegisteredEvent"
REMOVED = "VmRemovedEvent"
RESETS = frozenset({"VmResettingEvent", "VmDasBeingResetEvent", "VmDasBeingResetWithScreenshotEvent"})
CRASHES = frozenset({"VmGuestOSCrashedEvent"})
GUEST_REBOOTS = frozenset({"VmGuestRebootEvent"})
MIGRATIONS = frozenset({"VmMigratedEvent", "DrsVmMigratedEvent"})
_RUNNING = RESETS | CRASHES | GUEST_REBOOTS | {"VmGuestShutdownEvent", "VmGuestStandbyEvent"}
_REQUESTED = timedelta(minutes=10)
"""A guest may take so long to do what it was asked."""


def power_marks(events: Sequence[RecordedEvent]) -> list[Mark]:
    """The marks that a VM's events make, in their order; `events` are distinct and in order."""
    marks: list[Mark] = []
    for index, recorded in enumerate(events):
        mark = _mark(recorded, events, index)
        if mark is not None:
            marks.append(mark)
    return marks


def _mark(recorded: RecordedEvent, events: Sequence[RecordedEvent], index: int) -> Mark | None:
    kind = recorded.event.kind
    if kind in POWERED_ON:
        return _changed(recorded, _before_power_on(events, index), ON)
    if kind in RESTARTED_BY_HA:
        return _changed(recorded, ANY, ON)
    if kind == "VmPoweredOffEvent":
        return _powered_off(events, index)
    if kind == "VmSuspendedEvent":
        return _changed(recorded, ON, SUSPENDED, Cause.SUSPEND)
    if (sudden := _sudden(kind)) is not None:
        return _changed(recorded, ON, OFF, sudden)
    if kind == REMOVED:
        return _changed(recorded, ANY, OFF, Cause.REMOVED)
    if kind in CREATED:
        return _changed(recorded, OFF, OFF, Cause.POWER_OFF, cause_before=Cause.NOT_CREATED)
    if kind == REGISTERED:
        return _changed(recorded, OFF, ANY, Cause.POWER_OFF, cause_before=Cause.NOT_CREATED)
    if kind in _RUNNING:
        return Mark(at=recorded.event.created, before=ON, after=ON, evidence=(event_evidence(recorded),))
    return None


def _sudden(kind: str) -> Cause | None:
    """Why a VM stopped, for events that are a stop by themselves; a VmPoweredOffEvent may follow."""
    if kind in ISOLATED_VM:
        return Cause.HOST_ISOLATION
    if kind in STORAGE_TERMINATED:
        return Cause.DATASTORE_LOSS
    if kind.startswith(KILLED):
        return Cause.CRASH
    return None


def _changed(
    recorded: RecordedEvent,
    before: int,
    after: int,
    cause: Cause | None = None,
    *,
    cause_before: Cause | None = None,
) -> Mark:
    return Mark(
        at=recorded.event.created,
        before=before,
        after=after,
        evidence=(event_evidence(recorded),),
        transition=True,
        cause=cause,
        who=recorded.event.user if after != ON else None,
        cause_before=cause_before,
    )


def _before_power_on(events: Sequence[RecordedEvent], index: int) -> int:
    for earlier in _lately(events, index):
        if earlier.event.kind == "VmResumingEvent":
            return SUSPENDED
        if earlier.event.kind == "VmStartingEvent":
            return OFF
    return OFF | SUSPENDED


def _powered_off(events: Sequence[RecordedEvent], index: int) -> Mark:
    """Who asked the guest is named before who is noted for the power-off, which is nobody when the guest did it.

    Without a user and without a request it was the guest by itself: nobody at vCenter switched it off.
    """
    recorded = events[index]
    before = ON if recorded.event.user is None else ON | SUSPENDED
    cause = Cause.GUEST_SHUTDOWN if recorded.event.user is None else Cause.POWER_OFF
    who = recorded.event.user
    why: tuple[Evidence, ...] = (event_evidence(recorded),)
    for earlier in _lately(events, index):
        kind = earlier.event.kind
        sudden = _sudden(kind)
        if sudden is not None:
            before, cause, why = ANY, sudden, (event_evidence(earlier), *why)
            break
        if kind == "VmGuestShutdownEvent":
            before, cause, why = ON, Cause.GUEST_SHUTDOWN, (event_evidence(earlier), *why)
            who = earlier.event.user or who
            break
        if kind == "VmStoppingEvent":
            cause, who = Cause.POWER_OFF, who or earlier.event.user
    return Mark(
        at=recorded.event.created, before=before, after=OFF, evidence=why, transition=True, cause=cause, who=who
    )


def _lately(events: Sequence[RecordedEvent], index: int) -> Sequence[RecordedEvent]:
    """The events before this one, newest first, back to the last change of power or ten minutes."""
    found: list[RecordedEvent] = []
    now = events[index].event.created
    for position in range(index - 1, -1, -1):
        earlier = events[position]
        kind = earlier.event.kind
        if now - earlier.event.created > _REQUESTED or kind in POWERED_ON or kind in RESTARTED_BY_HA:
            break
        if kind in {"VmPoweredOffEvent", "VmSuspendedEvent"}:
            break
        found.append(earlier)
    return found
