from agent.health.catalogue import Faults, check
from agent.health.subjects import RUNNING, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.WARNING, needs=("memory_ballooned_mib",), when=RUNNING, lasting_minutes=15)
def vm_memory_ballooned(vm: VirtualMachine, *, above_mib: float = 0) -> Faults:
    """Memory is taken out of a VM by the balloon driver.

    Meaning: the host is short of memory, and a driver in the guest takes some from the programs there to give it back.
    Impact: the guest pages to its own disk, or has less cache than it is sized for.
    Ask the vendor: how much memory is sold on this host beyond what it has?
    """
    if (vm.memory_ballooned_mib or 0) > above_mib:
        yield Fault(State.WARNING, f"{vm.memory_ballooned_mib} MiB are taken from it by the balloon driver")


vm_memory_ballooned.fires(memory_ballooned_mib=512)
vm_memory_ballooned.silent(memory_ballooned_mib=0)
