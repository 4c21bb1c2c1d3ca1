from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_hardware import VirtualDisk
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.WARNING, needs=("disks",), when=MACHINE)
def vm_disk_independent(vm: VirtualMachine) -> Faults:
    """A disk of a VM is left out of its snapshots.

    Meaning: the disk is independent. If it is also non-persistent, what is written is thrown away at power-off.
    Impact: it is in no backup that works by snapshots.
    Ask the vendor: why, who decided it, and how is this disk backed up?
    """
    for disk in vm.disks or ():
        if (disk.disk_mode or "").startswith("independent"):
            yield Fault(State.WARNING, f"{disk.label} is {disk.disk_mode}: in no snapshot", part=disk.label or "")


vm_disk_independent.fires(disks=(VirtualDisk(label="Hard disk 1", disk_mode="independent_persistent"),))
vm_disk_independent.silent(disks=(VirtualDisk(label="Hard disk 1", disk_mode="persistent"),))
