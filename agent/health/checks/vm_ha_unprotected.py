from agent.health.catalogue import Faults, check
from agent.health.look import Look, Unseen, known
from agent.health.subjects import RUNNING, VM
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.virtual_machine import VirtualMachine


@check(
    VM,
    State.CRITICAL,
    sees=("ha_protected",),
    also=("ClusterComputeResource.configurationEx.dasConfig.enabled",),
    when=RUNNING,
    lasting_minutes=10,
)
def vm_ha_unprotected(vm: VirtualMachine, look: Look) -> Faults:
    """A VM in a cluster with HA is not protected by it.

    Meaning: HA is on for the cluster and says of this VM that it would not restart it if its host failed.
    Impact: a failed host takes this server down until a person starts it.
    Ask the vendor: why is it not protected, and since when? "HA included" is not true for it.
    """
    host = look.host_of(vm)
    if host.parent in look.inventory.compute_resources:
        return  # a standalone host
    cluster = look.seen("clusters", host.parent)
    if not known(cluster, "ha_enabled"):
        return  # said of the cluster, once
    if vm.ha_protected is None:
        raise Unseen(vm, "ha_protected")
    if not vm.ha_protected:
        yield Fault(State.CRITICAL, f"HA of {cluster.name} would not restart it")


_HOST = HostSystem(moid="host-1", name="esx1", parent="domain-c1")
_CLUSTER = ClusterComputeResource(moid="domain-c1", name="Production", ha_enabled=True)
vm_ha_unprotected.fires(_HOST, _CLUSTER, host="host-1", ha_protected=False)
vm_ha_unprotected.silent(_HOST, _CLUSTER, host="host-1", ha_protected=True)
