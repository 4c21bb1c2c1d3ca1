from agent.health.catalogue import Faults, check
from agent.health.subjects import CLUSTER, HA_CLUSTER
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State


@check(CLUSTER, State.CRITICAL, needs=("host_monitoring",), when=HA_CLUSTER, lasting_minutes=60)
def cluster_host_monitoring_off(cluster: ClusterComputeResource) -> Faults:
    """HA is on, but does not watch the hosts.

    Meaning: "host monitoring" is switched off. It is done for work on the network and then forgotten.
    Impact: HA looks as if it were on, and restarts nothing when a host fails.
    Ask the vendor: for which work was it switched off, and when is it switched on again?
    """
    if cluster.host_monitoring == "disabled":
        yield Fault(State.CRITICAL, "HA is on, but its host monitoring is off")


cluster_host_monitoring_off.fires(host_monitoring="disabled")
cluster_host_monitoring_off.silent(host_monitoring="enabled")
