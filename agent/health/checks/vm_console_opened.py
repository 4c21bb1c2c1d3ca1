from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER, VM
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset({"VmRemoteConsoleConnectedEvent", "VmAcquiredTicketEvent", "VmAcquiredMksTicketEvent"})


@check(VCENTER, State.INFO, events=_KINDS, about=VM)
def vm_console_opened(_vcenter: VCenter, look: Look, *, within_hours: float = 24) -> Faults:
    """Somebody opened the console of a VM.

    Meaning: as if they sat at the screen of the server.
    Impact: whoever was left logged in there can be acted for.
    Ask the vendor: who was it, and for which ticket?
    """
    for happening in look.happened(_KINDS, within_hours):
        yield happening.fault(State.INFO, "its console was opened")


_OPENED = happened("VmAcquiredTicketEvent", vm="vm-1", vm_name="erp", user="DRIFT\\ole")
vm_console_opened.fires(given=Given(events=(_OPENED,)))
vm_console_opened.silent(given=Given(events=()))
