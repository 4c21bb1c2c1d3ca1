from agent.health.catalogue import Faults, check
from agent.health.subjects import CLUSTER, HA_CLUSTER
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State


@check(CLUSTER, State.CRITICAL, needs=("restart_priority",), when=HA_CLUSTER)
def cluster_ha_restarts_nothing(cluster: ClusterComputeResource) -> Faults:
    """HA is on, but its restart priority is "disabled" for the whole cluster.

    Meaning: HA restarts only those VMs that have a priority of their own.
    Impact: after a host failure all others stay down.
    Ask the vendor: which of our VMs are restarted, and where is that agreed?
    """
    if cluster.restart_priority == "disabled":
        yield Fault(State.CRITICAL, "HA is on, but by default restarts no VM")


cluster_ha_restarts_nothing.fires(restart_priority="disabled")
cluster_ha_restarts_nothing.silent(restart_priority="medium")
