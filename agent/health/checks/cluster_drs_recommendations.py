from agent.health.catalogue import Faults, check
from agent.health.subjects import CLUSTER, DRS_CLUSTER
from agent.model.cluster import ClusterComputeResource, DrsRecommendation
from agent.model.health import Fault, State


@check(CLUSTER, State.INFO, needs=("drs_recommendations",), when=DRS_CLUSTER, lasting_minutes=60)
def cluster_drs_recommendations(cluster: ClusterComputeResource) -> Faults:
    """DRS waits for somebody to approve its proposals.

    Meaning: DRS would move VMs and is not allowed to by itself.
    Impact: the cluster is out of balance until somebody looks.
    Ask the vendor: who looks at them, how often, and why is DRS not automatic?
    """
    waiting = cluster.drs_recommendations or ()
    if waiting:
        yield Fault(State.INFO, f"{len(waiting)} DRS proposals wait for approval")


cluster_drs_recommendations.fires(drs_recommendations=(DrsRecommendation(key="14", reason="fairnessCpuAvg"),))
cluster_drs_recommendations.silent(drs_recommendations=())
