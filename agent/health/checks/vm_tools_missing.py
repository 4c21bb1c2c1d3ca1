from agent.health.catalogue import Faults, check
from agent.health.subjects import RUNNING, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.WARNING, needs=("tools_version_status",), when=RUNNING, lasting_minutes=60)
def vm_tools_missing(vm: VirtualMachine) -> Faults:
    """A VM that is on has no VMware Tools.

    Meaning: they were never installed. Appliances may do without.
    Impact: no orderly shutdown, no consistent backup of open files, no heartbeat, no figures from inside the guest.
    Ask the vendor: who installs and looks after the Tools by contract?
    """
    if vm.tools_version_status == "guestToolsNotInstalled":
        yield Fault(State.WARNING, "VMware Tools are not installed")


vm_tools_missing.fires(tools_version_status="guestToolsNotInstalled")
vm_tools_missing.silent(tools_version_status="guestToolsUnmanaged")
