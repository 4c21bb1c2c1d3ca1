from collections import Counter

from agent.health.catalogue import Faults, check
from agent.health.look import Look
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


def _uses(look: Look) -> Counter[str]:
    """How many VMs have each BIOS UUID."""
    return Counter(vm.bios_uuid for vm in look.inventory.vms.values() if vm.bios_uuid)


@check(VM, State.INFO, needs=("bios_uuid",), when=MACHINE)
def vm_uuid_duplicate(vm: VirtualMachine, look: Look) -> Faults:
    """Several VMs have the same BIOS UUID.

    Meaning: a copy kept the identity of its original.
    Impact: backup, licence and inventory programs take the two for one server.
    Ask the vendor: which of them is the copy, and will you give it an identity of its own?
    """
    if vm.bios_uuid and (count := look.once(_uses)[vm.bios_uuid]) > 1:
        yield Fault(State.INFO, f"{count} VMs have its BIOS UUID")


_SAME = "4210e8a0-0000-0000-0000-000000000001"
_COPY = VirtualMachine(moid="vm-2", name="copy", template=True, bios_uuid=_SAME)
vm_uuid_duplicate.fires(_COPY, bios_uuid=_SAME)
vm_uuid_duplicate.silent(_COPY, bios_uuid="4210e8a0-0000-0000-0000-000000000002")
