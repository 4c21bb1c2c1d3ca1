from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.INFO, needs=("tools_sync_time",), when=MACHINE)
def vm_time_from_host(vm: VirtualMachine) -> Faults:
    """VMware Tools set the clock of a guest by its host.

    Meaning: the periodic synchronization is on. A guest that also follows a domain or NTP then has two masters.
    Impact: the clock jumps, and is wrong when the host's is: logs and log-ins suffer.
    Ask the vendor: which time source is agreed for guests?
    """
    if vm.tools_sync_time:
        yield Fault(State.INFO, "its clock is set by the host")


vm_time_from_host.fires(tools_sync_time=True)
vm_time_from_host.silent(tools_sync_time=False)
