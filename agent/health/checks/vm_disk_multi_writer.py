from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_hardware import VirtualDisk
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.INFO, needs=("disks",), when=MACHINE)
def vm_disk_multi_writer(vm: VirtualMachine) -> Faults:
    """A disk of a VM may be written by several VMs.

    Meaning: the multi-writer flag, for databases that share a disk. Nothing but those databases keeps order on it.
    Impact: no snapshots of it; a VM that was not meant and gets hold of the disk destroys it.
    Ask the vendor: which servers share it, and how is it backed up?
    """
    for disk in vm.disks or ():
        if disk.sharing == "sharingMultiWriter":
            yield Fault(State.INFO, f"{disk.label} may be written by several VMs", part=disk.label or "")


vm_disk_multi_writer.fires(disks=(VirtualDisk(label="Hard disk 2", sharing="sharingMultiWriter"),))
vm_disk_multi_writer.silent(disks=(VirtualDisk(label="Hard disk 1", sharing="sharingNone"),))
