from agent.health.catalogue import Faults, check
from agent.health.subjects import MACHINE, VM
from agent.model.health import Fault, State
from agent.model.virtual_machine import VirtualMachine


@check(VM, State.WARNING, sees=("failover_in_progress",), when=MACHINE, lasting_minutes=15)
def vm_failover_stuck(vm: VirtualMachine) -> Faults:
    """HA is restarting a VM, and does not come to an end.

    Meaning: vCenter says that a failover of this VM is in progress. It should take a minute or two.
    Impact: the server is down and nobody is told that it stays down.
    Ask the vendor: is there room on the other hosts, and can they reach its datastore?
    """
    if vm.failover_in_progress:
        yield Fault(State.WARNING, "a failover is in progress")


vm_failover_stuck.fires(failover_in_progress=True)
vm_failover_stuck.silent(failover_in_progress=False)
