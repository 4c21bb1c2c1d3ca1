from agent.health.catalogue import Faults, check
from agent.health.subjects import CLUSTER
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State


@check(CLUSTER, State.INFO, needs=("dpm_enabled",))
def cluster_dpm_on(cluster: ClusterComputeResource) -> Faults:
    """Power management may switch hosts off.

    Meaning: DPM puts hosts to standby when the load is low.
    Impact: fewer hosts run than are billed, and a failure at night meets a smaller cluster.
    Ask the vendor: how many hosts always stay on, and do we pay for those that sleep?
    """
    if cluster.dpm_enabled:
        yield Fault(State.INFO, "power management may switch hosts off")


cluster_dpm_on.fires(dpm_enabled=True)
cluster_dpm_on.silent(dpm_enabled=False)
