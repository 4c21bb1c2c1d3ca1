from agent.health.catalogue import Faults, check
from agent.health.subjects import RUNNING, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.WARNING, needs=("memory_swapped_mib",), when=RUNNING, lasting_minutes=15)
def vm_memory_swapped(vm: VirtualMachine, *, above_mib: float = 0) -> Faults:
    """Memory of a VM lies in the host's swap file.

    Meaning: the host had no memory left and wrote some of the VM's to disk, without the guest's knowing. It may be of
    some time ago: vm_memory_swapping says whether it goes on.
    Impact: when the guest touches that memory it stands still until it is read back, for milliseconds a page.
    Ask the vendor: when was the host out of memory, and what was changed since?
    """
    if (vm.memory_swapped_mib or 0) > above_mib:
        yield Fault(State.WARNING, f"{vm.memory_swapped_mib} MiB of it lie in the host's swap file")


vm_memory_swapped.fires(memory_swapped_mib=300)
vm_memory_swapped.silent(memory_swapped_mib=0)
