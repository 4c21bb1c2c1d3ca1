from agent.health.catalogue import Faults, check
from agent.health.subjects import RUNNING, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.INFO, needs=("configured_os",), sees=("guest_os",), when=RUNNING)
def vm_os_mismatch(vm: VirtualMachine) -> Faults:
    """A VM is configured for another operating system than runs in it.

    Meaning: what stands in its settings differs from what VMware Tools report.
    Impact: other default devices and optimisations, and a wrong basis where licences are counted by it.
    Ask the vendor: please correct it at the next planned stop.
    """
    if vm.guest_os and vm.guest_os != vm.configured_os:
        yield Fault(State.INFO, f"is set to {vm.configured_os}, and {vm.guest_os} runs in it")


_2019, _2022 = "Microsoft Windows Server 2019 (64-bit)", "Microsoft Windows Server 2022 (64-bit)"
vm_os_mismatch.fires(configured_os=_2019, guest_os=_2022)
vm_os_mismatch.silent(configured_os=_2022, guest_os=_2022)
