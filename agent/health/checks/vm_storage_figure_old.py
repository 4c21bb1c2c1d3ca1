from datetime import timedelta

from agent.health.catalogue import Faults, check
from agent.health.example import ago
from agent.health.look import Look
from agent.health.subjects import MACHINE, VM
from agent.health.wording import length
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.INFO, needs=("storage_read_at",), when=MACHINE)
def vm_storage_figure_old(vm: VirtualMachine, look: Look, *, after_hours: float = 24) -> Faults:
    """VCenter has not looked for a long time at how much space a VM takes.

    Meaning: the figures of used space are of that age: vCenter refreshes them by itself, mostly every half hour.
    Impact: what is shown, and perhaps billed, is not how it is.
    Ask the vendor: why are they not refreshed? Asking for it is a right that we do not use.
    """
    if vm.storage_read_at is not None and (age := look.age(vm.storage_read_at)) > timedelta(hours=after_hours):
        yield Fault(State.INFO, f"its storage figures are {length(age)} old")


vm_storage_figure_old.fires(storage_read_at=ago(days=3))
vm_storage_figure_old.silent(storage_read_at=ago(minutes=40))
