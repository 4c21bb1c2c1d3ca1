from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_hardware import VirtualDisk
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.INFO, needs=("disks",), when=MACHINE)
def vm_spread_over_datastores(vm: VirtualMachine) -> Faults:
    """The disks of a VM lie on several datastores.

    Meaning: its disks are not together. Sometimes wanted, for databases; mostly what is left of a move.
    Impact: it stops when any one of them is lost, a restore is more work, and the bill is harder to check.
    Ask the vendor: is this wanted?
    """
    found = {disk.datastore for disk in vm.disks or () if disk.datastore is not None}
    if len(found) > 1:
        yield Fault(State.INFO, f"its disks lie on {len(found)} datastores")


vm_spread_over_datastores.fires(disks=(VirtualDisk(datastore="datastore-1"), VirtualDisk(datastore="datastore-2")))
vm_spread_over_datastores.silent(disks=(VirtualDisk(datastore="datastore-1"), VirtualDisk(datastore="datastore-1")))
