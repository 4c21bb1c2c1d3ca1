from agent.health.catalogue import Faults, check
from agent.health.subjects import CLUSTER, HA_CLUSTER
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State


@check(CLUSTER, State.WARNING, needs=("admission_control",), when=HA_CLUSTER, lasting_minutes=60)
def cluster_admission_control_off(cluster: ClusterComputeResource) -> Faults:
    """HA keeps no room for a failed host.

    Meaning: admission control is off: VMs may be started until the cluster is full, without room for a host's failure.
    Impact: N+1 holds by chance only. What holds today is said by cluster_not_n_plus_1.
    Ask the vendor: how do you make sure that the cluster can lose a host, if not by admission control?
    """
    if not cluster.admission_control:
        yield Fault(State.WARNING, "HA admission control is off")


cluster_admission_control_off.fires(admission_control=False)
cluster_admission_control_off.silent(admission_control=True)
