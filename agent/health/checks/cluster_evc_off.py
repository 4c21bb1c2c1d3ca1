from agent.health.catalogue import Faults, check
from agent.health.subjects import CLUSTER
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State


@check(CLUSTER, State.INFO, sees=("evc_mode",), needs=("drs_enabled",))
def cluster_evc_off(cluster: ClusterComputeResource) -> Faults:
    """EVC is off.

    Meaning: enhanced vMotion compatibility, which makes all hosts offer the same processor, is off.
    Impact: when servers of another generation are added, running VMs cannot move between old and new ones.
    Ask the vendor: how do you plan to exchange the servers without stopping our VMs?
    """
    if cluster.evc_mode is None:
        yield Fault(State.INFO, "EVC is off")


cluster_evc_off.fires(evc_mode=None, drs_enabled=True)
cluster_evc_off.silent(evc_mode="intel-icelake", drs_enabled=True)
