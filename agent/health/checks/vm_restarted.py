from datetime import timedelta

from agent.health.catalogue import Faults, check
from agent.health.example import ago
from agent.health.look import Look
from agent.health.subjects import RUNNING, VM
from agent.health.wording import length
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.INFO, needs=("boot_time",), when=RUNNING)
def vm_restarted(vm: VirtualMachine, look: Look, *, within_hours: float = 24) -> Faults:
    """A VM was started or restarted lately.

    Meaning: the VM was switched on within that time; a restart of the guest alone does not count. How long it was down
    the ledger says: `checkmeter ledger vm`.
    Impact: users may have noticed.
    Ask the vendor: was it announced?
    """
    if vm.boot_time is not None and (age := look.age(vm.boot_time)) < timedelta(hours=within_hours):
        yield Fault(State.INFO, f"was switched on {length(age)} ago")


vm_restarted.fires(boot_time=ago(hours=3))
vm_restarted.silent(boot_time=ago(days=40))
