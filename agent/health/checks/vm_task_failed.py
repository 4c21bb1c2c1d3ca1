from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER, VM
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset(
    {
        "VmFailedToPowerOnEvent",
        "VmFailedToPowerOffEvent",
        "VmFailedToResetEvent",
        "VmFailedToShutdownGuestEvent",
        "VmFailedToSuspendEvent",
        "VmFailedMigrateEvent",
        "VmFailedRelayoutEvent",
        "VmCloneFailedEvent",
        "VmDeployFailedEvent",
        "VmRelocateFailedEvent",
        "VmFailedStartingSecondaryEvent",
        "TaskTimeoutEvent",
    }
)


@check(VCENTER, State.WARNING, events=_KINDS, about=VM)
def vm_task_failed(_vcenter: VCenter, look: Look, *, within_hours: float = 24) -> Faults:
    """Something that the vendor wanted to do with a VM failed.

    Meaning: a start, a stop, a move, a copy. vCenter's events have the reason.
    Impact: work that was thought done is not.
    Ask the vendor: what was it for, and has it been done since?
    """
    for happening in look.happened(_KINDS, within_hours):
        yield happening.fault(State.WARNING, happening.newest.message or happening.newest.kind)


_FAILED = happened("VmFailedMigrateEvent", vm="vm-1", vm_name="erp", message="Cannot migrate erp to esx2")
vm_task_failed.fires(given=Given(events=(_FAILED,)))
vm_task_failed.silent(given=Given(events=()))
