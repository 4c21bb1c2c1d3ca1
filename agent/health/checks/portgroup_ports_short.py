from agent.health.catalogue import Faults, check
from agent.health.subjects import PORTGROUP
from agent.model.health import Fault, State
from agent.model.network import DistributedVirtualPortgroup


@check(PORTGROUP, State.WARNING, needs=("ports", "vms", "auto_expand"), sees=("kind", "uplink"))
def portgroup_ports_short(portgroup: DistributedVirtualPortgroup, *, fewest_count: float = 5) -> Faults:
    """A distributed portgroup has hardly any free ports, and does not grow by itself.

    Meaning: its ports less the VMs on it; a VM with several cards needs one for each, so that there are fewer. Groups
    that grow by themselves, uplinks and ephemeral groups are passed over.
    Impact: the next VM that is started here has no network.
    Ask the vendor: why is automatic growth off, and when are ports added?
    """
    if portgroup.uplink or portgroup.kind == "ephemeral":
        return  # the first is full by nature, the second makes ports as they are needed
    free = (portgroup.ports or 0) - len(portgroup.vms or ())
    if not portgroup.auto_expand and free < fewest_count:
        yield Fault(State.WARNING, f"at most {max(free, 0)} of {portgroup.ports} ports are free")


portgroup_ports_short.fires(ports=8, vms=("vm-1", "vm-2", "vm-3", "vm-4", "vm-5"), auto_expand=False)
portgroup_ports_short.silent(ports=128, vms=("vm-1",), auto_expand=False)
portgroup_ports_short.silent(ports=2, vms=("vm-1",), auto_expand=True)
portgroup_ports_short.silent(ports=4, vms=(), auto_expand=False, uplink=True)
