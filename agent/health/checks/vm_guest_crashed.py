from agent.health.catalogue import Faults, check
from agent.health.subjects import RUNNING, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.CRITICAL, sees=("guest_kernel_crashed",), when=RUNNING, lasting_minutes=5)
def vm_guest_crashed(vm: VirtualMachine) -> Faults:
    """The operating system in a VM has crashed.

    Meaning: VMware Tools reported a kernel crash (a blue screen, a panic) before they fell silent.
    Impact: the server is on by its power state and serves nobody.
    Ask the vendor: was the host or its storage in trouble at that time, and is there a screenshot of the console?
    """
    if vm.guest_kernel_crashed:
        yield Fault(State.CRITICAL, "the operating system has crashed")


vm_guest_crashed.fires(guest_kernel_crashed=True)
vm_guest_crashed.silent(guest_kernel_crashed=False)
