from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER, VM
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset({"VmReconfiguredEvent", "VmResourceReallocatedEvent"})


@check(VCENTER, State.INFO, events=_KINDS, about=VM)
def vm_changed(_vcenter: VCenter, look: Look, *, within_hours: float = 24) -> Faults:
    """Somebody changed the settings of a VM.

    Meaning: CPU, memory, disks, network or others; what exactly stands in the event.
    Impact: to be set against the tickets, and the bill.
    Ask the vendor: for which ticket?
    """
    for happening in look.happened(_KINDS, within_hours):
        if happening.newest.user:
            yield happening.fault(State.INFO, "was reconfigured")


vm_changed.fires(given=Given(events=(happened("VmReconfiguredEvent", vm="vm-1", vm_name="erp", user="DRIFT\\ole"),)))
vm_changed.silent(given=Given(events=()))
