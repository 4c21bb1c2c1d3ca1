from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.CRITICAL, needs=("consolidation_needed",), when=MACHINE, lasting_minutes=60)
def vm_consolidation_needed(vm: VirtualMachine) -> Faults:
    """The disks of a VM need consolidation.

    Meaning: a snapshot was deleted, but the files that held what was written since have stayed in use. They grow with
    every write, and no snapshot is shown that would explain them. Mostly a backup job that could not clean up.
    Impact: slower disks now; when the datastore is full, every VM on it stops.
    Ask the vendor: since when, which job left them behind, when will you consolidate, and how will you notice the next
    time?
    """
    if vm.consolidation_needed:
        yield Fault(State.CRITICAL, "its disks need consolidation")


vm_consolidation_needed.fires(consolidation_needed=True)
vm_consolidation_needed.silent(consolidation_needed=False)
