from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import ConfigIssue, VirtualMachine


@check(VM, State.WARNING, needs=("config_issues",), when=MACHINE, lasting_minutes=30)
def vm_config_issue(vm: VirtualMachine) -> Faults:
    """VCenter shows a configuration issue on a VM.

    Meaning: on the VM's summary page vCenter complains of something, in its own words.
    Impact: as the words say. It stands on the first page that the vendor's staff see of this VM.
    Ask the vendor: who reads these notices, and what will be done about this one?
    """
    for issue in vm.config_issues or ():
        yield Fault(State.WARNING, issue.message or issue.kind or "an issue without words", part=issue.kind or "")


vm_config_issue.fires(config_issues=(ConfigIssue(kind="EventEx", message="disks consolidation is needed."),))
vm_config_issue.silent(config_issues=())
