from agent.health.catalogue import Faults, check
from agent.health.subjects import CLUSTER, HA_CLUSTER, VM
from agent.model.cluster import ClusterComputeResource, VmHaOverride
from agent.model.health import Fault, State


@check(CLUSTER, State.WARNING, needs=("ha_overrides",), when=HA_CLUSTER, about=VM)
def cluster_vm_ha_override(cluster: ClusterComputeResource) -> Faults:
    """A VM is left out of HA by a setting of its own.

    Meaning: HA is on in the cluster, but for this VM the restart priority is "disabled".
    Impact: when its host fails this VM, of all, stays down.
    Ask the vendor: who decided that for this VM, and does the contract's availability hold for it?
    """
    for override in cluster.ha_overrides or ():
        if override.restart_priority == "disabled":
            yield Fault(State.WARNING, f"HA does not restart it, by an override in {cluster.name}", on=override.vm)


cluster_vm_ha_override.fires(ha_overrides=(VmHaOverride(vm="vm-9", restart_priority="disabled"),))
cluster_vm_ha_override.silent(ha_overrides=(VmHaOverride(vm="vm-9", restart_priority="high"),))
