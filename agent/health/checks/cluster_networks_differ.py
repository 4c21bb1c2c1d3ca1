from collections import defaultdict

from agent.health.catalogue import Faults, check
from agent.health.evidence import values_of
from agent.health.look import Look
from agent.health.members import members
from agent.health.subjects import CLUSTER, HOST
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.network import Network


@check(CLUSTER, State.WARNING, needs=("hosts",), also=("HostSystem.network",), lasting_minutes=60, about=HOST)
def cluster_networks_differ(cluster: ClusterComputeResource, look: Look) -> Faults:
    """A host lacks a network that the other hosts of its cluster have.

    Meaning: a standard network or portgroup is there on more than half of the hosts and not on this one.
    Impact: VMs on that network cannot move to this host, and HA cannot restart them there: the cluster is smaller for
    them than it looks.
    Ask the vendor: how is a new host set up, and who checks that it has every network?
    """
    hosts = list(members(cluster, look, "networks"))
    having: defaultdict[str, set[str]] = defaultdict(set)
    for host in hosts:
        for network in host.networks or ():
            having[network].add(host.moid)
    for network, there in having.items():
        if 2 * len(there) <= len(hosts):
            continue
        for host in hosts:
            if host.moid not in there:
                name = look.inventory.named(network) or network
                seen = values_of(host, look, "networks")
                yield Fault(State.WARNING, f"lacks the network {name}", part=name, on=host.moid, evidence=seen)


def _host(number: int, *networks: str) -> HostSystem:
    return HostSystem(moid=f"host-{number}", name=f"esx0{number}", connection_state="connected", networks=networks)


_THREE = ("host-1", "host-2", "host-3")
_NETWORK = Network(moid="network-1", name="VM Network")
cluster_networks_differ.fires(_NETWORK, _host(1, "network-1"), _host(2, "network-1"), _host(3), hosts=_THREE)
cluster_networks_differ.silent(
    _NETWORK, _host(1, "network-1"), _host(2, "network-1"), _host(3, "network-1"), hosts=_THREE
)
