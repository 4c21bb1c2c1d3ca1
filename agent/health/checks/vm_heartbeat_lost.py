from agent.health.catalogue import Faults, check
from agent.health.subjects import RUNNING, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.WARNING, State.CRITICAL, needs=("heartbeat",), when=RUNNING, lasting_minutes=5)
def vm_heartbeat_lost(vm: VirtualMachine) -> Faults:
    """The heartbeat of a guest is intermittent (yellow) or lost (red).

    Meaning: VMware Tools send a heartbeat to the host each second, and it comes no more. Grey, for VMs without running
    Tools, is vm_tools_not_running or vm_tools_missing.
    Impact: the guest may hang although the VM is on.
    Ask the vendor: was the VM starved of CPU or storage at that time? VM monitoring of HA would have restarted it: is it
    on?
    """
    if vm.heartbeat == "red":
        yield Fault(State.CRITICAL, "the guest's heartbeat is lost")
    elif vm.heartbeat == "yellow":
        yield Fault(State.WARNING, "the guest's heartbeat is intermittent")


vm_heartbeat_lost.fires(heartbeat="red")
vm_heartbeat_lost.silent(heartbeat="green")
