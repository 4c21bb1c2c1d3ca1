from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.CRITICAL, needs=("disk_chain_broken",), when=MACHINE, since_api="9.1.0.0")
def vm_disk_chain_broken(vm: VirtualMachine) -> Faults:
    """The chain of files that a VM's disk is made of is broken.

    Meaning: a file between the base disk and the newest snapshot is missing or does not fit. vCenter 9.1 and later tell.
    Impact: what was written since the break is lost or will be; the VM may not start again, and backups fail.
    Ask the vendor: which file is it, what happened to it, is there a backup from before, and was it ever restored as a
    trial?
    """
    if vm.disk_chain_broken:
        yield Fault(State.CRITICAL, "the chain of its disk files is broken")


vm_disk_chain_broken.fires(disk_chain_broken=True)
vm_disk_chain_broken.silent(disk_chain_broken=False)
