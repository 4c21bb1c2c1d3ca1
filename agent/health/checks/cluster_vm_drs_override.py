from agent.health.catalogue import Faults, check
from agent.health.subjects import CLUSTER, DRS_CLUSTER, VM
from agent.model.cluster import ClusterComputeResource, VmDrsOverride
from agent.model.health import Fault, State


@check(CLUSTER, State.INFO, needs=("drs_overrides",), when=DRS_CLUSTER, about=VM)
def cluster_vm_drs_override(cluster: ClusterComputeResource) -> Faults:
    """A VM is left out of DRS by a setting of its own.

    Meaning: DRS is on in the cluster and does not move this VM.
    Impact: it stays on a host that is full, and its host cannot be patched without a person.
    Ask the vendor: why is it pinned, and is that still needed?
    """
    for override in cluster.drs_overrides or ():
        if override.enabled is False:
            yield Fault(State.INFO, f"DRS does not move it, by an override in {cluster.name}", on=override.vm)


cluster_vm_drs_override.fires(drs_overrides=(VmDrsOverride(vm="vm-9", enabled=False),))
cluster_vm_drs_override.silent(drs_overrides=(VmDrsOverride(vm="vm-9", enabled=True),))
