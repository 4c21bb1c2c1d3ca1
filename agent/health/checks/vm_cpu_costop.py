from agent.health.catalogue import Faults, check
from agent.health.example import Given
from agent.health.look import Look
from agent.health.subjects import RUNNING, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(
    VM,
    State.WARNING,
    needs=("cpus",),
    counters=("cpu.costop.summation",),
    when=RUNNING,
    lasting_minutes=15,
)
def vm_cpu_costop(vm: VirtualMachine, look: Look, *, warning_percent: float = 3) -> Faults:
    """A VM is stopped so that its processors stay in step.

    Meaning: co-stop, for each of its vCPUs: some of them ran ahead of others that got no core, and were held back. The VM
    has more vCPUs than the host can serve at once.
    Impact: more processors make this server slower.
    Ask the vendor: would fewer vCPUs serve it better here? Both of us would save.
    """
    share = look.mean(vm, "cpu.costop.summation") / 10 / max(1, vm.cpus or 1)
    if share >= warning_percent:
        yield Fault(State.WARNING, f"is held back {share:.1f} % of the time so that its vCPUs stay in step")


vm_cpu_costop.fires(cpus=16, given=Given(counters={"cpu.costop.summation": 900}))
vm_cpu_costop.silent(cpus=16, given=Given(counters={"cpu.costop.summation": 20}))
