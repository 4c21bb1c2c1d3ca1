from agent.health.catalogue import Faults, check
from agent.health.subjects import OFF, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.WARNING, needs=("clean_power_off",), when=OFF)
def vm_power_off_unclean(vm: VirtualMachine) -> Faults:
    """A VM is off, and was not switched off in an orderly way.

    Meaning: its process on the host ended without the steps of a power-off: a host that failed, a process that was
    killed. Not a guest that was pulled the plug on by order.
    Impact: files may be damaged; and something happened that nobody ordered.
    Ask the vendor: what happened at that time, and why was the VM not restarted by HA?
    """
    if not vm.clean_power_off:
        yield Fault(State.WARNING, "ended without an orderly power-off")


vm_power_off_unclean.fires(clean_power_off=False)
vm_power_off_unclean.silent(clean_power_off=True)
