from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER, VM
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset(
    {
        "esx.problem.vm.kill.unexpected.fault.failure",
        "esx.problem.vm.kill.unexpected.forcefulPageRetire.64",
        "esx.problem.vm.kill.unexpected.noSwapResponse.64",
        "esx.problem.vm.kill.unexpected.vmtrack",
        "VmGuestOSCrashedEvent",
    }
)


@check(VCENTER, State.CRITICAL, events=_KINDS, about=VM)
def vm_killed(_vcenter: VCenter, look: Look, *, within_hours: float = 24) -> Faults:
    """A host ended a VM by force, or its guest crashed.

    Meaning: broken memory in the host, a swap file that did not answer, or a crash of the operating system in the VM.
    Impact: an outage, and perhaps lost data.
    Ask the vendor: what does the host's log say, and is its hardware sound?
    """
    for happening in look.happened(_KINDS, within_hours):
        yield happening.fault(State.CRITICAL, f"ended by force ({happening.newest.kind})")


vm_killed.fires(given=Given(events=(happened("VmGuestOSCrashedEvent", vm="vm-1", vm_name="erp"),)))
vm_killed.silent(given=Given(events=()))
