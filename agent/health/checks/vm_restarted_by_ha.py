from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER, VM
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset(
    {
        "com.vmware.vc.ha.VmRestartedByHAEvent",
        "VmDasBeingResetEvent",
        "VmDasBeingResetWithScreenshotEvent",
        "VmRestartedOnAlternateHostEvent",
    }
)


@check(VCENTER, State.CRITICAL, events=_KINDS, about=VM)
def vm_restarted_by_ha(_vcenter: VCenter, look: Look, *, within_hours: float = 24) -> Faults:
    """HA restarted a VM, because its host or its guest had failed.

    Meaning: vCenter's own events say so, with the time. How long the VM was down: `checkmeter ledger vm`.
    Impact: an outage that nobody planned.
    Ask the vendor: which host or guest failed, why, and is this outage in your report?
    """
    for happening in look.happened(_KINDS, within_hours):
        yield happening.fault(State.CRITICAL, "HA restarted it")


_RESTARTED = happened("com.vmware.vc.ha.VmRestartedByHAEvent", vm="vm-1", vm_name="erp")
vm_restarted_by_ha.fires(given=Given(events=(_RESTARTED,)))
vm_restarted_by_ha.silent(given=Given(events=()))
