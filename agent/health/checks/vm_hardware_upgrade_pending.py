from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.INFO, sees=("hardware_upgrade_status",), when=MACHINE)
def vm_hardware_upgrade_pending(vm: VirtualMachine) -> Faults:
    """An upgrade of a VM's virtual hardware is scheduled, or has failed.

    Meaning: at its next power-off the VM gets a newer hardware version, or was to get one and did not.
    Impact: the next restart changes the server's devices; it takes longer, and cannot be taken back.
    Ask the vendor: for which window is it planned, and are the drivers in the guest ready for it?
    """
    if vm.hardware_upgrade_status in {"pending", "failed"}:
        yield Fault(State.INFO, f"upgrade of its virtual hardware is {vm.hardware_upgrade_status}")


vm_hardware_upgrade_pending.fires(hardware_upgrade_status="pending")
vm_hardware_upgrade_pending.silent(hardware_upgrade_status="none")
