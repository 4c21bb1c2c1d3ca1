from dataclasses import replace
from fnmatch import fnmatchcase

from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER, VM
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset({"VmPoweredOffEvent", "VmGuestShutdownEvent"})


@check(VCENTER, State.WARNING, events=_KINDS, about=VM)
def vm_powered_off_by_others(
    _vcenter: VCenter, look: Look, *, within_hours: float = 24, our_accounts: tuple[str, ...] = ()
) -> Faults:
    """Somebody who is not of ours switched a VM off.

    Meaning: by an account of vCenter's. Name your own in `our_accounts`, with wild cards, or everybody counts.
    Impact: a server was taken down by the vendor.
    Ask the vendor: for which ticket, was it announced, and is it in your report?
    """
    for happening in look.happened(_KINDS, within_hours):
        user = happening.newest.user
        if user and not any(fnmatchcase(user, one) for one in our_accounts):
            yield happening.fault(State.WARNING, "was switched off")


_OFF = happened("VmPoweredOffEvent", vm="vm-1", vm_name="erp", user="DRIFT\\ole")
vm_powered_off_by_others.fires(given=Given(events=(_OFF,)))
vm_powered_off_by_others.silent(given=Given(events=(replace(_OFF, user=""),)))
