from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.CRITICAL, needs=("memory_limit_mib", "memory_mib"), when=MACHINE)
def vm_memory_limited(vm: VirtualMachine) -> Faults:
    """A VM may use less memory than it has.

    Meaning: a memory limit below the configured size: the guest believes in all of it, the host gives only so much.
    Impact: beyond the limit its memory is ballooned or swapped, on a host that may have plenty.
    Ask the vendor: who set the limit, and which of the two figures is on the bill?
    """
    limit, memory = vm.memory_limit_mib or 0, vm.memory_mib or 0
    if 0 <= limit < memory:
        yield Fault(State.CRITICAL, f"has {memory} MiB and may use {limit} MiB")


vm_memory_limited.fires(memory_limit_mib=8192, memory_mib=16384)
vm_memory_limited.silent(memory_limit_mib=-1, memory_mib=16384)
