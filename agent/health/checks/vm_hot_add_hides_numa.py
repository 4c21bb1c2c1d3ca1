from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.INFO, needs=("cpu_hot_add", "cpus"), sees=("numa_exposed_on_hot_add",), when=MACHINE)
def vm_hot_add_hides_numa(vm: VirtualMachine, *, above_count: float = 8) -> Faults:
    """CPU hot add hides the host's memory layout from a large VM.

    Meaning: with hot add, a guest with many vCPUs does not see which memory is near to which of them (vNUMA).
    Impact: a database reads memory across sockets, some ten per cent slower.
    Ask the vendor: is hot add needed here? It can be switched off at the next planned stop.
    """
    if vm.cpu_hot_add and not vm.numa_exposed_on_hot_add and (vm.cpus or 0) > above_count:
        yield Fault(State.INFO, f"has {vm.cpus} vCPUs with hot add, and sees no NUMA nodes")


vm_hot_add_hides_numa.fires(cpu_hot_add=True, cpus=16)
vm_hot_add_hides_numa.silent(cpu_hot_add=True, cpus=2)
