from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.WARNING, needs=("power_state",), when=MACHINE, lasting_minutes=30)
def vm_suspended(vm: VirtualMachine) -> Faults:
    """A VM is suspended.

    Meaning: it stands frozen, its memory written to the datastore. Servers are hardly ever suspended on purpose.
    Impact: it serves nobody; when it goes on, its clock and its connections are of another time.
    Ask the vendor: who suspended it, and what for?
    """
    if vm.power_state == "suspended":
        yield Fault(State.WARNING, "is suspended")


vm_suspended.fires(power_state="suspended")
vm_suspended.silent(power_state="poweredOn")
