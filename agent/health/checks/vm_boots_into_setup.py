from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.WARNING, needs=("enter_bios_setup",), when=MACHINE)
def vm_boots_into_setup(vm: VirtualMachine) -> Faults:
    """A VM will stop in its firmware setup at the next start.

    Meaning: "enter BIOS setup" is set for the next boot, mostly left over from an installation.
    Impact: after the next restart, planned or by HA, the server waits at a screen that nobody sees.
    Ask the vendor: please take the setting back, on all servers.
    """
    if vm.enter_bios_setup:
        yield Fault(State.WARNING, "stops in the firmware setup at its next start")


vm_boots_into_setup.fires(enter_bios_setup=True)
vm_boots_into_setup.silent(enter_bios_setup=False)
