from agent.health.catalogue import Faults, check
from agent.health.example import Given
from agent.health.look import Look
from agent.health.subjects import RUNNING, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(
    VM,
    State.WARNING,
    needs=("cpu_limit_mhz",),
    counters=("cpu.maxlimited.summation",),
    when=RUNNING,
    lasting_minutes=15,
)
def vm_cpu_limited(vm: VirtualMachine, look: Look, *, warning_percent: float = 1) -> Faults:
    """A VM is held back by a CPU limit, its own or its pool's.

    Meaning: it wanted to compute, had a core, and was stopped by a limit that somebody set.
    Impact: the server is throttled below what it is sized, and billed, for.
    Ask the vendor: who set the limit, why, and what do we pay for?
    """
    share = look.mean(vm, "cpu.maxlimited.summation") / 10
    if share >= warning_percent:
        own = f", its own is {vm.cpu_limit_mhz} MHz" if (vm.cpu_limit_mhz or -1) >= 0 else ", which is its pool's"
        yield Fault(State.WARNING, f"is held back {share:.1f} % of the time by a CPU limit{own}")


vm_cpu_limited.fires(cpu_limit_mhz=4000, given=Given(counters={"cpu.maxlimited.summation": 80}))
vm_cpu_limited.silent(cpu_limit_mhz=-1, given=Given(counters={"cpu.maxlimited.summation": 0}))
