from types import MappingProxyType

from agent.health.catalogue import Faults, check
from agent.health.subjects import RUNNING, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine

_WORSE = MappingProxyType({"needSecondary": State.CRITICAL, "disabled": State.WARNING})


@check(VM, State.WARNING, State.CRITICAL, needs=("fault_tolerance_state",), when=RUNNING, lasting_minutes=15)
def vm_fault_tolerance_broken(vm: VirtualMachine) -> Faults:
    """A VM with Fault Tolerance runs without its second half.

    Meaning: the VM is paid for as one that runs on two hosts at once, and has no secondary now, or it is switched off.
    Impact: a failed host takes it down like any other server.
    Ask the vendor: since when does it run alone, and what is charged for Fault Tolerance?
    """
    if state := _WORSE.get(vm.fault_tolerance_state or ""):
        yield Fault(state, f"Fault Tolerance is {vm.fault_tolerance_state}")


vm_fault_tolerance_broken.fires(fault_tolerance_state="needSecondary")
vm_fault_tolerance_broken.silent(fault_tolerance_state="notConfigured")
