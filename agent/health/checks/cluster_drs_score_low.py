from agent.health.catalogue import Faults, check
from agent.health.grading import at_most
from agent.health.subjects import CLUSTER, DRS_CLUSTER
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State


@check(CLUSTER, State.WARNING, State.CRITICAL, needs=("drs_score",), when=DRS_CLUSTER, lasting_minutes=60)
def cluster_drs_score_low(
    cluster: ClusterComputeResource, *, warning_percent: float = 70, critical_percent: float = 40
) -> Faults:
    """The VMs of a cluster do not get what they ask for.

    Meaning: vCenter's DRS score: how well the VMs run, by waiting, swapping and cache, as a share of the best that is
    possible. vCenter 7.0 and later tell.
    Impact: everything on the cluster is slower than it has to be.
    Ask the vendor: is it processors, memory or network, and what is planned against it?
    """
    score = cluster.drs_score or 0
    if state := at_most(score, warning=warning_percent, critical=critical_percent):
        yield Fault(state, f"its DRS score is {score} %")


cluster_drs_score_low.fires(drs_score=55)
cluster_drs_score_low.silent(drs_score=90)
