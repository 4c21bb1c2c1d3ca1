import re

from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_hardware import VirtualDisk
from agent.model.virtual_machine import VirtualMachine

_DELTA = re.compile(r"-\d{6}\.vmdk$")


@check(VM, State.CRITICAL, needs=("disks", "snapshots"), when=MACHINE, lasting_minutes=60)
def vm_snapshot_phantom(vm: VirtualMachine) -> Faults:
    """A VM writes to a snapshot file, and vCenter shows no snapshot.

    Meaning: a disk's file is named as ESXi names those it makes for snapshots, but there is none in the list. A broken
    clean-up after a backup, or a linked clone.
    Impact: the file grows without end, and no list of snapshots shows it.
    Ask the vendor: where does it come from, and when will the disks be consolidated?
    """
    if vm.snapshots:
        return
    for disk in vm.disks or ():
        if _DELTA.search(disk.file or ""):
            yield Fault(State.CRITICAL, f"{disk.label} is {disk.file}, and no snapshot is shown", part=disk.label or "")


vm_snapshot_phantom.fires(disks=(VirtualDisk(label="Hard disk 1", file="[SAN] erp/erp-000002.vmdk"),), snapshots=())
vm_snapshot_phantom.silent(disks=(VirtualDisk(label="Hard disk 1", file="[SAN] erp/erp.vmdk"),), snapshots=())
