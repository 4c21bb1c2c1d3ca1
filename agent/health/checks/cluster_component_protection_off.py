from agent.health.catalogue import Faults, check
from agent.health.subjects import CLUSTER, HA_CLUSTER
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State


@check(CLUSTER, State.INFO, needs=("component_protection",), when=HA_CLUSTER)
def cluster_component_protection_off(cluster: ClusterComputeResource) -> Faults:
    """HA does nothing when a host loses its storage.

    Meaning: VM component protection is off. With it, HA restarts the VMs of a host that has lost a datastore (APD or
    PDL) on a host that still has it.
    Impact: VMs whose host has lost its storage hang there until somebody acts.
    Ask the vendor: is it off on purpose, and who acts then, within which time?
    """
    if cluster.component_protection == "disabled":
        yield Fault(State.INFO, "HA does not act when a host loses its storage")


cluster_component_protection_off.fires(component_protection="disabled")
cluster_component_protection_off.silent(component_protection="enabled")
