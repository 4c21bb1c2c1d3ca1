from agent.health.catalogue import Faults, check
from agent.health.look import Look
from agent.health.members import difference, members
from agent.health.subjects import CLUSTER
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State
from agent.model.host import HostSystem


@check(
    CLUSTER,
    State.WARNING,
    needs=("hosts",),
    also=("HostSystem.config.product.version", "HostSystem.config.product.build"),
    lasting_minutes=7 * 24 * 60,
)
def cluster_builds_mixed(cluster: ClusterComputeResource, look: Look) -> Faults:
    """The hosts of a cluster run different builds of ESXi.

    Meaning: a patch has reached some of them. While it is rolled out that is as it must be; the alert waits a week.
    Impact: "the cluster is patched" is not true, and VMs that moved to a newer host may not move back.
    Ask the vendor: when will the others follow, and what held the rollout up?
    """
    hosts = members(cluster, look, "version", "build")
    builds = {host.name or host.moid: f"{host.version} build {host.build}" for host in hosts}
    if words := difference(builds):
        yield Fault(State.WARNING, words)


def _host(number: int, build: str) -> HostSystem:
    return HostSystem(
        moid=f"host-{number}", name=f"esx0{number}", connection_state="connected", version="8.0.3", build=build
    )


_TWO = ("host-1", "host-2")
cluster_builds_mixed.fires(_host(1, "24022510"), _host(2, "24784735"), hosts=_TWO)
cluster_builds_mixed.silent(_host(1, "24784735"), _host(2, "24784735"), hosts=_TWO)
