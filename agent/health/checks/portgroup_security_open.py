from agent.health.catalogue import Faults, check
from agent.health.subjects import PORTGROUP
from agent.model.health import Fault, State
from agent.model.network import DistributedVirtualPortgroup


@check(PORTGROUP, State.INFO, State.WARNING, needs=("promiscuous", "mac_changes", "forged_transmits"))
def portgroup_security_open(portgroup: DistributedVirtualPortgroup) -> Faults:
    """A distributed portgroup lets VMs listen to others, or pretend to be others.

    Meaning: promiscuous mode is a warning; changes of the MAC address and forged transmits, which some clusters of
    Windows need, are worth knowing.
    Impact: a VM on that network can read its neighbours' traffic, or take their address.
    Ask the vendor: which VM needs it, and is nothing else on that network?
    """
    allowed = [
        word
        for word, on in (
            ("promiscuous mode", portgroup.promiscuous),
            ("changes of the MAC address", portgroup.mac_changes),
            ("forged transmits", portgroup.forged_transmits),
        )
        if on
    ]
    if allowed:
        yield Fault(State.WARNING if portgroup.promiscuous else State.INFO, f"allows {', '.join(allowed)}")


portgroup_security_open.fires(promiscuous=True, mac_changes=False, forged_transmits=True)
portgroup_security_open.silent(promiscuous=False, mac_changes=False, forged_transmits=False)
