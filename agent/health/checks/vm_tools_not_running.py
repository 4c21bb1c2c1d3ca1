from agent.health.catalogue import Faults, check
from agent.health.subjects import RUNNING, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(
    VM,
    State.WARNING,
    needs=("tools_running_status", "tools_version_status"),
    when=RUNNING,
    lasting_minutes=15,
)
def vm_tools_not_running(vm: VirtualMachine) -> Faults:
    """VMware Tools are installed in a VM that is on, and do not run.

    Meaning: the program in the guest that answers the host is stopped or hangs. VMs without Tools are vm_tools_missing.
    Impact: no orderly shutdown, no consistent backup of open files, no heartbeat, no figures from inside the guest.
    Ask the vendor: who looks after the Tools by contract, and why are they down here?
    """
    if vm.tools_running_status == "guestToolsNotRunning" and vm.tools_version_status != "guestToolsNotInstalled":
        yield Fault(State.WARNING, "VMware Tools do not run")


vm_tools_not_running.fires(tools_running_status="guestToolsNotRunning", tools_version_status="guestToolsCurrent")
vm_tools_not_running.silent(tools_running_status="guestToolsRunning", tools_version_status="guestToolsCurrent")
