from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.WARNING, needs=("cpu_limit_mhz",), when=MACHINE)
def vm_cpu_limit_set(vm: VirtualMachine) -> Faults:
    """A CPU limit is set on a VM.

    Meaning: it may use no more than so many MHz, however idle its host is. vm_cpu_limited says whether that bites.
    Impact: the server can be slower than its vCPUs promise.
    Ask the vendor: is the limit agreed, and is it on the bill?
    """
    if (vm.cpu_limit_mhz if vm.cpu_limit_mhz is not None else -1) >= 0:
        yield Fault(State.WARNING, f"may use no more than {vm.cpu_limit_mhz} MHz")


vm_cpu_limit_set.fires(cpu_limit_mhz=4000)
vm_cpu_limit_set.silent(cpu_limit_mhz=-1)
