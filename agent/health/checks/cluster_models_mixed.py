from agent.health.catalogue import Faults, check
from agent.health.look import Look
from agent.health.members import difference, members
from agent.health.subjects import CLUSTER
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State
from agent.model.host import HostSystem


@check(
    CLUSTER,
    State.INFO,
    needs=("hosts",),
    also=("HostSystem.hardware.systemInfo.model", "HostSystem.summary.hardware.cpuModel"),
)
def cluster_models_mixed(cluster: ClusterComputeResource, look: Look) -> Faults:
    """The hosts of a cluster are different servers.

    Meaning: different models or processors. It is so while servers are exchanged; if it stays, the cluster grew by what
    was at hand.
    Impact: VMs run faster or slower by the host they are on, and the largest host is the one that N+1 has to cover.
    Ask the vendor: until when are the old ones used, and is the same price billed for both?
    """
    hosts = members(cluster, look, "model", "cpu_model")
    if words := difference({host.name or host.moid: f"{host.model} with {host.cpu_model}" for host in hosts}):
        yield Fault(State.INFO, words)


def _host(number: int, model: str) -> HostSystem:
    return HostSystem(
        moid=f"host-{number}", name=f"esx0{number}", connection_state="connected", model=model, cpu_model="Xeon 8362"
    )


_TWO = ("host-1", "host-2")
cluster_models_mixed.fires(_host(1, "PowerEdge R660"), _host(2, "PowerEdge R640"), hosts=_TWO)
cluster_models_mixed.silent(_host(1, "PowerEdge R660"), _host(2, "PowerEdge R660"), hosts=_TWO)
