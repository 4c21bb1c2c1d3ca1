from agent.health.catalogue import Faults, check
from agent.health.subjects import PORTGROUP
from agent.model.health import Fault, State
from agent.model.network import DistributedVirtualPortgroup


@check(PORTGROUP, State.CRITICAL, needs=("blocked",), sees=("vms",), lasting_minutes=5)
def portgroup_blocked(portgroup: DistributedVirtualPortgroup) -> Faults:
    """A distributed portgroup is blocked.

    Meaning: "block all ports" is set on it.
    Impact: every VM on it is cut off, while it is on and healthy by every other sign.
    Ask the vendor: who blocked it, and for which reason?
    """
    if portgroup.blocked:
        yield Fault(State.CRITICAL, f"all its ports are blocked; {len(portgroup.vms or ())} VMs are on it")


portgroup_blocked.fires(blocked=True, vms=("vm-1", "vm-2"))
portgroup_blocked.silent(blocked=False, vms=("vm-1", "vm-2"))
