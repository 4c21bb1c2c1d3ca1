from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_hardware import VirtualDisk
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.WARNING, needs=("disks",), when=MACHINE)
def vm_disk_io_limited(vm: VirtualMachine) -> Faults:
    """A disk of a VM may do only so many operations a second.

    Meaning: a limit of IOPS is set on the disk.
    Impact: under load the server waits for its disk, whatever the storage could do.
    Ask the vendor: is the limit agreed, and is it on the bill?
    """
    for disk in vm.disks or ():
        if disk.io_limit is not None and disk.io_limit >= 0:
            words = f"{disk.label} may do no more than {disk.io_limit} operations a second"
            yield Fault(State.WARNING, words, part=disk.label or "")


vm_disk_io_limited.fires(disks=(VirtualDisk(label="Hard disk 1", io_limit=500),))
vm_disk_io_limited.silent(disks=(VirtualDisk(label="Hard disk 1", io_limit=-1),))
