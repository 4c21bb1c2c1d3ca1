from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER, VM
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset(
    {
        "VmFailoverFailed",
        "VmDasResetFailedEvent",
        "VmMaxRestartCountReached",
        "com.vmware.vc.HA.VmNotProtectedEvent",
        "com.vmware.vc.ha.VmRestartFailedEvent",
    }
)


@check(VCENTER, State.CRITICAL, events=_KINDS, about=VM)
def vm_restart_failed(_vcenter: VCenter, look: Look, *, within_hours: float = 24) -> Faults:
    """HA tried to restart a VM and failed, or gave it up.

    Meaning: vCenter's own events say so.
    Impact: the server stayed down until a person acted, or is still down.
    Ask the vendor: was there no room, or no storage? What was promised as N+1?
    """
    for happening in look.happened(_KINDS, within_hours):
        yield happening.fault(State.CRITICAL, f"HA could not restart it ({happening.newest.kind})")


vm_restart_failed.fires(given=Given(events=(happened("VmFailoverFailed", vm="vm-1", vm_name="erp"),)))
vm_restart_failed.silent(given=Given(events=()))
