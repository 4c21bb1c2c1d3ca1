from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.INFO, State.WARNING, needs=("hardware_version",), when=MACHINE)
def vm_hardware_old(vm: VirtualMachine, *, info_version: float = 13, warning_version: float = 11) -> Faults:
    """The virtual hardware of a VM is of an old generation.

    Meaning: vmx-13 is that of ESXi 6.5, vmx-11 of 6.0. Below the two figures it is told, or warned of.
    Impact: no newer devices and mitigations, and at some time the next ESXi no longer runs it.
    Ask the vendor: when will you upgrade it? It takes one restart, after a snapshot.
    """
    number = (vm.hardware_version or "").rpartition("-")[2]
    if number.isdecimal() and int(number) < info_version:
        state = State.WARNING if int(number) < warning_version else State.INFO
        yield Fault(state, f"its virtual hardware is {vm.hardware_version}")


vm_hardware_old.fires(hardware_version="vmx-10")
vm_hardware_old.silent(hardware_version="vmx-19")
