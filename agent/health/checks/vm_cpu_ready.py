from agent.health.catalogue import Faults, check
from agent.health.example import Given
from agent.health.grading import at_least
from agent.health.look import Look
from agent.health.subjects import RUNNING, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(
    VM,
    State.WARNING,
    State.CRITICAL,
    needs=("cpus",),
    counters=("cpu.ready.summation",),
    when=RUNNING,
    lasting_minutes=15,
)
def vm_cpu_ready(vm: VirtualMachine, look: Look, *, warning_percent: float = 5, critical_percent: float = 10) -> Faults:
    """A VM waits for a processor that is busy with others.

    Meaning: CPU ready, for each of its vCPUs: the share of time in which the VM wanted to compute and had to wait because
    the host had no free core. Mean of a quarter of an hour.
    Impact: everything in it is slower by more than that, and nothing inside the server shows why.
    Ask the vendor: how many vCPUs do you put on a core of this cluster, and what will you move or add?
    """
    share = look.mean(vm, "cpu.ready.summation") / 10 / max(1, vm.cpus or 1)
    if state := at_least(share, warning=warning_percent, critical=critical_percent):
        yield Fault(state, f"waits for a free core {share:.1f} % of the time")


vm_cpu_ready.fires(cpus=4, given=Given(counters={"cpu.ready.summation": 480}))
vm_cpu_ready.silent(cpus=4, given=Given(counters={"cpu.ready.summation": 30}))
