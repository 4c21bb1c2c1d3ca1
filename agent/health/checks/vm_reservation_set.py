from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.INFO, needs=("cpu_reservation_mhz", "memory_reservation_mib"), when=MACHINE)
def vm_reservation_set(vm: VirtualMachine) -> Faults:
    """CPU or memory is reserved for a VM.

    Meaning: so much is kept for it even when it is idle. Good where it is agreed.
    Impact: what is reserved is missing for the restart of others after a failure.
    Ask the vendor: is it agreed, and does your N+1 count it?
    """
    parts = []
    if vm.cpu_reservation_mhz:
        parts.append(f"{vm.cpu_reservation_mhz} MHz")
    if vm.memory_reservation_mib:
        parts.append(f"{vm.memory_reservation_mib} MiB")
    if parts:
        yield Fault(State.INFO, f"{' and '.join(parts)} are reserved for it")


vm_reservation_set.fires(cpu_reservation_mhz=6000, memory_reservation_mib=16384)
vm_reservation_set.silent(cpu_reservation_mhz=0, memory_reservation_mib=0)
