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
    also=("HostSystem.hardware.memorySize", "HostSystem.summary.hardware.numCpuCores"),
)
def cluster_sizes_differ(cluster: ClusterComputeResource, look: Look) -> Faults:
    """The hosts of a cluster have different amounts of memory or cores.

    Meaning: memory in whole GiB, and physical cores. Servers of one order are alike; a host that has less has lost a
    memory module, or was bought otherwise.
    Impact: HA has to keep room for the largest host, so that a small one adds little; and a lost module goes unnoticed.
    Ask the vendor: was it bought like this, or is a part missing?
    """
    sizes = {
        host.name or host.moid: f"{round((host.memory_bytes or 0) / 1024**3)} GiB and {host.cpu_cores} cores"
        for host in members(cluster, look, "memory_bytes", "cpu_cores")
    }
    if words := difference(sizes):
        yield Fault(State.INFO, words)


def _host(number: int, gib: int) -> HostSystem:
    return HostSystem(
        moid=f"host-{number}",
        name=f"esx0{number}",
        connection_state="connected",
        memory_bytes=gib * 1024**3 - 305_152,
        cpu_cores=64,
    )


_TWO = ("host-1", "host-2")
cluster_sizes_differ.fires(_host(1, 1024), _host(2, 960), hosts=_TWO)
cluster_sizes_differ.silent(_host(1, 1024), _host(2, 1024), hosts=_TWO)
