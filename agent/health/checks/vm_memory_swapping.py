from agent.health.catalogue import Faults, check
from agent.health.example import Given
from agent.health.look import Look
from agent.health.subjects import RUNNING, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(
    VM,
    State.CRITICAL,
    counters=("mem.swapinRate.average", "mem.swapoutRate.average"),
    when=RUNNING,
    lasting_minutes=10,
)
def vm_memory_swapping(vm: VirtualMachine, look: Look, *, above_mib: float = 0.05) -> Faults:
    """The host swaps a VM's memory to and from disk, now.

    Meaning: more than that many MiB a second, over a quarter of an hour. The host is out of memory at this moment.
    Impact: the server stands still again and again.
    Ask the vendor: this is an incident: what will you move away at once, and why did nobody notice?
    """
    rate = (look.mean(vm, "mem.swapinRate.average") + look.mean(vm, "mem.swapoutRate.average")) / 1024
    if rate > above_mib:
        yield Fault(State.CRITICAL, f"the host swaps {rate:.2f} MiB/s of its memory")


vm_memory_swapping.fires(given=Given(counters={"mem.swapinRate.average": 900, "mem.swapoutRate.average": 10}))
vm_memory_swapping.silent(given=Given(counters={"mem.swapinRate.average": 0, "mem.swapoutRate.average": 0}))
