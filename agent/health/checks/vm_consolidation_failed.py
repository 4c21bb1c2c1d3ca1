from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER, VM
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset({"com.vmware.vc.VmDiskFailedToConsolidateEvent"})


@check(VCENTER, State.WARNING, events=_KINDS, about=VM)
def vm_consolidation_failed(_vcenter: VCenter, look: Look, *, within_hours: float = 48) -> Faults:
    """The disks of a VM could not be consolidated.

    Meaning: the removal of a snapshot, mostly a backup's, did not come to its end.
    Impact: files are left that grow: see vm_consolidation_needed.
    Ask the vendor: was the backup of that night good, and what locked the file?
    """
    for happening in look.happened(_KINDS, within_hours):
        yield happening.fault(State.WARNING, "its disks could not be consolidated")


_FAILED = happened("com.vmware.vc.VmDiskFailedToConsolidateEvent", vm="vm-1", vm_name="erp")
vm_consolidation_failed.fires(given=Given(events=(_FAILED,)))
vm_consolidation_failed.silent(given=Given(events=()))
