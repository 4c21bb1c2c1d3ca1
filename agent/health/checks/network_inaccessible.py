from agent.health.catalogue import Faults, check
from agent.health.subjects import NETWORK
from agent.model.health import Fault, State
from agent.model.network import Network


@check(NETWORK, State.WARNING, needs=("accessible",), sees=("vms",), lasting_minutes=15)
def network_inaccessible(network: Network) -> Faults:
    """A network is on no host that is reachable.

    Meaning: vCenter knows the network, and no connected host has it any more.
    Impact: VMs that are set to it have no network when they are started next.
    Ask the vendor: was it removed on purpose, and what becomes of the VMs on it?
    """
    if not network.accessible:
        yield Fault(State.WARNING, f"is on no reachable host; {len(network.vms or ())} VMs are set to it")


network_inaccessible.fires(accessible=False, vms=("vm-1",))
network_inaccessible.silent(accessible=True, vms=("vm-1",))
