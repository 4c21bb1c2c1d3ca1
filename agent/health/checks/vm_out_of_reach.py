from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine

_WORDS = {
    "disconnected": "vCenter has lost the host it is on",
    "inaccessible": "its files cannot be reached",
    "orphaned": "vCenter knows of it, its host does not",
    "invalid": "its configuration cannot be read",
}


@check(VM, State.CRITICAL, needs=("connection_state",), when=MACHINE, lasting_minutes=5)
def vm_out_of_reach(vm: VirtualMachine) -> Faults:
    """A VM is orphaned, inaccessible, invalid or disconnected.

    Meaning: vCenter has the VM in its books and cannot get hold of it: the host, the storage or the registration is
    gone. Whether its guest works is not known.
    Impact: it may be down; it cannot be managed, backed up or restarted elsewhere.
    Ask the vendor: is it running, what happened to its host or its files, and why does it still stand like this?
    """
    if vm.connection_state != "connected":
        words = _WORDS.get(vm.connection_state or "", "out of vCenter's reach")
        yield Fault(State.CRITICAL, f"{vm.connection_state}: {words}")


vm_out_of_reach.fires(connection_state="orphaned")
vm_out_of_reach.silent(connection_state="connected")
