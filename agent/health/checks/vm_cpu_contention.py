from agent.health.catalogue import Faults, check
from agent.health.example import Given
from agent.health.look import Look
from agent.health.subjects import RUNNING, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.WARNING, counters=("cpu.latency.average",), when=RUNNING, lasting_minutes=15)
def vm_cpu_contention(vm: VirtualMachine, look: Look, *, warning_percent: float = 10) -> Faults:
    """A VM loses computing time to contention of any kind.

    Meaning: vCenter's latency counter: the share of time in which it could not compute although it wanted to, by ready
    time, co-stop, shared cores and lowered clock rates together.
    Impact: the server is slower than its size promises.
    Ask the vendor: which of these is it here, and what will you do about it?
    """
    share = look.mean(vm, "cpu.latency.average") / 100
    if share >= warning_percent:
        yield Fault(State.WARNING, f"loses {share:.1f} % of its computing time")


vm_cpu_contention.fires(given=Given(counters={"cpu.latency.average": 1800}))
vm_cpu_contention.silent(given=Given(counters={"cpu.latency.average": 90}))
