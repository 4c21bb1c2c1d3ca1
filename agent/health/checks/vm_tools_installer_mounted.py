from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.INFO, needs=("tools_installer_mounted",), when=MACHINE, lasting_minutes=120)
def vm_tools_installer_mounted(vm: VirtualMachine) -> Faults:
    """The installer of VMware Tools is mounted in a VM.

    Meaning: somebody began to install them and did not end it.
    Impact: the VM may not be moved to another host.
    Ask the vendor: please end it, or take the image out.
    """
    if vm.tools_installer_mounted:
        yield Fault(State.INFO, "the installer of VMware Tools is mounted")


vm_tools_installer_mounted.fires(tools_installer_mounted=True)
vm_tools_installer_mounted.silent(tools_installer_mounted=False)
