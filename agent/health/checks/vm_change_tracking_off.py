from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.INFO, needs=("change_tracking",), when=MACHINE)
def vm_change_tracking_off(vm: VirtualMachine) -> Faults:
    """Changed block tracking is off for a VM.

    Meaning: backup products ask vSphere which blocks have changed; without this they must read everything.
    Impact: long backup windows that get into office hours.
    Ask the vendor: how is this server backed up, and does the job end within its window?
    """
    if not vm.change_tracking:
        yield Fault(State.INFO, "changed block tracking is off")


vm_change_tracking_off.fires(change_tracking=False)
vm_change_tracking_off.silent(change_tracking=True)
