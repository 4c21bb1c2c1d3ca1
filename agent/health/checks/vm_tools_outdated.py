from types import MappingProxyType

from agent.health.catalogue import Faults, check
from agent.health.subjects import RUNNING, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine

_WORDS = MappingProxyType(
    {
        "guestToolsNeedUpgrade": (State.INFO, "there is a newer version of its VMware Tools"),
        "guestToolsSupportedOld": (State.INFO, "its VMware Tools are old, and still supported"),
        "guestToolsTooOld": (State.WARNING, "its VMware Tools are too old"),
        "guestToolsTooNew": (State.INFO, "its VMware Tools are newer than its host"),
        "guestToolsBlacklisted": (State.WARNING, "its VMware Tools have a known fault: replace them at once"),
    }
)


@check(VM, State.INFO, State.WARNING, needs=("tools_version_status",), when=RUNNING)
def vm_tools_outdated(vm: VirtualMachine) -> Faults:
    """The VMware Tools in a VM are out of date.

    Meaning: vCenter compares them with what its host brings. open-vm-tools of a distribution count as current.
    Impact: old drivers and security holes in the guest.
    Ask the vendor: who updates the Tools by contract, and in which rhythm?
    """
    if found := _WORDS.get(vm.tools_version_status or ""):
        yield Fault(*found)


vm_tools_outdated.fires(tools_version_status="guestToolsTooOld")
vm_tools_outdated.silent(tools_version_status="guestToolsCurrent")
