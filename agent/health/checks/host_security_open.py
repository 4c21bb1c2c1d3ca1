from agent.health.catalogue import Faults, check
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.host_network import NetworkPolicy, PortGroup


@check(HOST, State.INFO, State.WARNING, needs=("portgroups",), when=CONNECTED)
def host_security_open(host: HostSystem) -> Faults:
    """A standard portgroup lets VMs listen to others, or pretend to be others.

    Meaning: the policy in force of a portgroup: promiscuous mode is a warning; changes of the MAC address and forged
    transmits, which some clusters of Windows need, are worth knowing.
    Impact: a VM on that network can read its neighbours' traffic, or take their address.
    Ask the vendor: which VM needs it, and is nothing else on that network?
    """
    for group in host.portgroups or ():
        policy = group.policy
        if policy is None:
            continue
        allowed = [
            word
            for word, on in (
                ("promiscuous mode", policy.promiscuous),
                ("changes of the MAC address", policy.mac_changes),
                ("forged transmits", policy.forged_transmits),
            )
            if on
        ]
        if allowed:
            state = State.WARNING if policy.promiscuous else State.INFO
            yield Fault(state, f"portgroup {group.name!r} allows {', '.join(allowed)}", part=group.name or "")


_CLOSED = NetworkPolicy(promiscuous=False, mac_changes=False, forged_transmits=False)
_OPEN = NetworkPolicy(promiscuous=True, mac_changes=False, forged_transmits=True)
host_security_open.fires(portgroups=(PortGroup(name="Backup-170", policy=_OPEN),))
host_security_open.silent(portgroups=(PortGroup(name="VM Network", policy=_CLOSED),))
