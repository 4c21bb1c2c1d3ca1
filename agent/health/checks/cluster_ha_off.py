from agent.health.catalogue import Faults, check
from agent.health.subjects import CLUSTER
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State


@check(CLUSTER, State.CRITICAL, needs=("ha_enabled",), lasting_minutes=10)
def cluster_ha_off(cluster: ClusterComputeResource) -> Faults:
    """HA is off.

    Meaning: vSphere HA, which restarts VMs elsewhere when their host fails, is switched off for the whole cluster.
    Impact: after a host failure its VMs stay down until a person starts them.
    Ask the vendor: why is it off, since when, who switched it off, and does the contract not promise it?
    """
    if not cluster.ha_enabled:
        yield Fault(State.CRITICAL, "HA is off")


cluster_ha_off.fires(ha_enabled=False)
cluster_ha_off.silent(ha_enabled=True)
