from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER, VM
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset({"VmMigratedEvent", "DrsVmMigratedEvent", "VmRelocatedEvent"})


@check(VCENTER, State.INFO, events=_KINDS, about=VM)
def vm_migrated_often(_vcenter: VCenter, look: Look, *, within_hours: float = 24, from_count: float = 5) -> Faults:
    """A VM is moved about between hosts or datastores.

    Meaning: so many moves within that time, by DRS or by hand.
    Impact: each move stops it for a moment; many are the sign of a cluster that has no room.
    Ask the vendor: is it maintenance that was not announced, or is the cluster too full?
    """
    for happening in look.happened(_KINDS, within_hours):
        if happening.times >= from_count:
            yield happening.fault(State.INFO, "was moved, the last time")


_MOVES = tuple(happened("DrsVmMigratedEvent", key=key, vm="vm-1", vm_name="erp") for key in range(6))
vm_migrated_often.fires(given=Given(events=_MOVES))
vm_migrated_often.silent(given=Given(events=_MOVES[:2]))
