from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_hardware import VirtualDisk
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.INFO, needs=("disks",), when=MACHINE)
def vm_raw_disk(vm: VirtualMachine) -> Faults:
    """A VM has a raw LUN in place of a disk file.

    Meaning: a raw device mapping. In physical mode vSphere can take no snapshot of it.
    Impact: in physical mode it is in no backup that works by snapshots, and cannot be moved to other storage while on.
    Ask the vendor: why is it needed here, and how is this disk backed up?
    """
    for disk in vm.disks or ():
        if disk.rdm_mode is not None:
            yield Fault(State.INFO, f"{disk.label} is a raw LUN ({disk.rdm_mode})", part=disk.label or "")


vm_raw_disk.fires(disks=(VirtualDisk(label="Hard disk 2", rdm_mode="physicalMode"),))
vm_raw_disk.silent(disks=(VirtualDisk(label="Hard disk 1"),))
