from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER, VM
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset({"VmCreatedEvent", "VmClonedEvent", "VmDeployedEvent", "VmRegisteredEvent"})


@check(VCENTER, State.INFO, events=_KINDS, about=VM)
def vm_created(_vcenter: VCenter, look: Look, *, within_hours: float = 7 * 24) -> Faults:
    """A VM was made, copied, deployed or registered.

    Meaning: it is new in vCenter.
    Impact: one more server on the next bill, and in the backup, the patching and the list of what we own.
    Ask the vendor: by whose order, and is it in the backup?
    """
    for happening in look.happened(_KINDS, within_hours):
        yield happening.fault(State.INFO, "is new")


vm_created.fires(given=Given(events=(happened("VmCreatedEvent", vm="vm-9", vm_name="web-03", user="DRIFT\\ole"),)))
vm_created.silent(given=Given(events=()))
