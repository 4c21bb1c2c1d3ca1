from agent.health.catalogue import Faults, check
from agent.health.subjects import CLUSTER, DRS_CLUSTER
from agent.model.cluster import ClusterComputeResource, DrsFault
from agent.model.health import Fault, State


@check(CLUSTER, State.INFO, needs=("drs_faults",), when=DRS_CLUSTER, lasting_minutes=60)
def cluster_drs_faults(cluster: ClusterComputeResource) -> Faults:
    """DRS wants to move VMs and cannot.

    Meaning: for some VM there is no host that could take it: by a rule, by hardware, or for want of room.
    Impact: the same holds for a restart by HA or an evacuation for a patch.
    Ask the vendor: which VM is it, and what would have to change so that it can be moved?
    """
    reasons = sorted({fault.reason or "unknown" for fault in cluster.drs_faults or ()})
    if reasons:
        yield Fault(State.INFO, f"DRS cannot make the moves it wants: {', '.join(reasons)}")


cluster_drs_faults.fires(drs_faults=(DrsFault(reason="fairnessMemAvg"),))
cluster_drs_faults.silent(drs_faults=())
