from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER, VM
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset({"VmRemovedEvent"})


@check(VCENTER, State.WARNING, events=_KINDS, about=VM)
def vm_removed(_vcenter: VCenter, look: Look, *, within_hours: float = 7 * 24) -> Faults:
    """A VM was deleted, or taken out of the inventory.

    Meaning: it is no longer in vCenter; its files may still lie on the datastore.
    Impact: a server is gone from the list, and should go from the bill.
    Ask the vendor: by whose order, is there a backup, and from which day on is it no longer charged?
    """
    for happening in look.happened(_KINDS, within_hours):
        yield happening.fault(State.WARNING, "was removed")


vm_removed.fires(given=Given(events=(happened("VmRemovedEvent", vm="vm-9", vm_name="old-web", user="DRIFT\\ole"),)))
vm_removed.silent(given=Given(events=()))
