from fnmatch import fnmatchcase

from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER, VM
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset({"VmResettingEvent", "VmGuestRebootEvent"})


@check(VCENTER, State.WARNING, events=_KINDS, about=VM)
def vm_reset(_vcenter: VCenter, look: Look, *, within_hours: float = 24, our_accounts: tuple[str, ...] = ()) -> Faults:
    """Somebody reset or rebooted a VM from vCenter.

    Meaning: not from inside the server: by an account of vCenter's. Name your own in `our_accounts`, with wild cards.
    Impact: a restart that users noticed.
    Ask the vendor: for which ticket, and was it announced?
    """
    for happening in look.happened(_KINDS, within_hours):
        user = happening.newest.user
        if user and not any(fnmatchcase(user, one) for one in our_accounts):
            yield happening.fault(State.WARNING, "was restarted")


vm_reset.fires(given=Given(events=(happened("VmResettingEvent", vm="vm-1", vm_name="erp", user="DRIFT\\ole"),)))
vm_reset.silent(given=Given(events=()))
