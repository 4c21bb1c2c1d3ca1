from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_hardware import DiskController
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.INFO, needs=("controllers",), when=MACHINE)
def vm_bus_shared(vm: VirtualMachine) -> Faults:
    """A VM shares a SCSI bus with others.

    Meaning: a cluster of guests uses common disks.
    Impact: no snapshots, hence no usual backup; moves to other hosts are restricted.
    Ask the vendor: how are these servers backed up, and how do you do maintenance of their hosts?
    """
    for controller in vm.controllers or ():
        if controller.shared_bus not in {None, "noSharing"}:
            words = f"{controller.label} is shared ({controller.shared_bus})"
            yield Fault(State.INFO, words, part=controller.label or "")


vm_bus_shared.fires(controllers=(DiskController(label="SCSI controller 1", shared_bus="physicalSharing"),))
vm_bus_shared.silent(controllers=(DiskController(label="SCSI controller 0", shared_bus="noSharing"),))
