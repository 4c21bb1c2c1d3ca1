from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER, VM
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset({"VmRenamedEvent", "VmInstanceUuidChangedEvent", "VmUuidChangedEvent"})


@check(VCENTER, State.INFO, events=_KINDS, about=VM)
def vm_identity_changed(_vcenter: VCenter, look: Look, *, within_hours: float = 7 * 24) -> Faults:
    """A VM was renamed, or was given another UUID.

    Meaning: it is the same server under another name or number.
    Impact: lists, bills, backups and graphs may count it twice, or lose it.
    Ask the vendor: for which ticket?
    """
    for happening in look.happened(_KINDS, within_hours):
        yield happening.fault(State.INFO, happening.newest.message or "has another name or UUID")


vm_identity_changed.fires(given=Given(events=(happened("VmRenamedEvent", vm="vm-1", vm_name="erp"),)))
vm_identity_changed.silent(given=Given(events=()))
