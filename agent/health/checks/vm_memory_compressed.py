from agent.health.catalogue import Faults, check
from agent.health.subjects import RUNNING, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.WARNING, needs=("memory_compressed_kib",), when=RUNNING, lasting_minutes=15)
def vm_memory_compressed(vm: VirtualMachine, *, above_mib: float = 0) -> Faults:
    """Memory of a VM is compressed by the host.

    Meaning: the last step before swapping: the host is short of memory and packs pages together.
    Impact: small by itself; it says that the host has sold more memory than it has.
    Ask the vendor: how much memory is sold on this host beyond what it has?
    """
    compressed = (vm.memory_compressed_kib or 0) / 1024
    if compressed > above_mib:
        yield Fault(State.WARNING, f"{compressed:.1f} MiB of it are compressed")


vm_memory_compressed.fires(memory_compressed_kib=80_000)
vm_memory_compressed.silent(memory_compressed_kib=0)
