from agent.health.catalogue import Faults, check
from agent.health.look import Look
from agent.health.members import difference, members
from agent.health.subjects import CLUSTER
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State
from agent.model.host import HostSystem


@check(CLUSTER, State.WARNING, needs=("hosts",), also=("HostSystem.config.dateTimeInfo.ntpConfig.server",))
def cluster_time_servers_differ(cluster: ClusterComputeResource, look: Look) -> Faults:
    """The hosts of a cluster follow different time servers.

    Meaning: their lists of NTP servers are not the same.
    Impact: their clocks may differ, and what happened first on which host cannot be told from the logs.
    Ask the vendor: which servers are the right ones, and how is a host set up?
    """
    servers = {
        host.name or host.moid: ", ".join(sorted(host.ntp_servers or ()))
        for host in members(cluster, look, "ntp_servers")
    }
    if words := difference(servers):
        yield Fault(State.WARNING, words)


def _host(number: int, *servers: str) -> HostSystem:
    return HostSystem(moid=f"host-{number}", name=f"esx0{number}", connection_state="connected", ntp_servers=servers)


_TWO = ("host-1", "host-2")
cluster_time_servers_differ.fires(_host(1, "ntp1.example"), _host(2, "pool.ntp.org"), hosts=_TWO)
cluster_time_servers_differ.silent(_host(1, "a.example", "b.example"), _host(2, "b.example", "a.example"), hosts=_TWO)
