from agent.health.catalogue import Faults, check
from agent.health.look import Look
from agent.health.members import difference, members
from agent.health.subjects import CLUSTER
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State
from agent.model.host import HostSystem


@check(CLUSTER, State.INFO, needs=("hosts",), also=("HostSystem.config.network.dnsConfig.address",))
def cluster_dns_differs(cluster: ClusterComputeResource, look: Look) -> Faults:
    """The hosts of a cluster ask different name servers.

    Meaning: their lists of DNS servers are not the same.
    Impact: when one server is exchanged some hosts are forgotten; HA and vCenter need names that resolve everywhere.
    Ask the vendor: which servers are the right ones, and how is a host set up?
    """
    servers = {
        host.name or host.moid: ", ".join(host.dns_servers or ()) for host in members(cluster, look, "dns_servers")
    }
    if words := difference(servers):
        yield Fault(State.INFO, words)


def _host(number: int, *servers: str) -> HostSystem:
    return HostSystem(moid=f"host-{number}", name=f"esx0{number}", connection_state="connected", dns_servers=servers)


_TWO = ("host-1", "host-2")
cluster_dns_differs.fires(_host(1, "192.0.2.10"), _host(2, "192.0.2.99"), hosts=_TWO)
cluster_dns_differs.silent(_host(1, "192.0.2.10"), _host(2, "192.0.2.10"), hosts=_TWO)
