from agent.health.catalogue import Faults, check
from agent.health.look import Look, known
from agent.health.subjects import DATASTORE
from agent.model.cluster import ClusterComputeResource
from agent.model.datastore import Datastore, HostMount
from agent.model.health import Fault, State


@check(
    DATASTORE,
    State.WARNING,
    needs=("hosts",),
    also=("ClusterComputeResource.host",),
    lasting_minutes=60,
)
def datastore_not_on_all_hosts(datastore: Datastore, look: Look) -> Faults:
    """A shared datastore is not mounted on every host of a cluster.

    Meaning: two or more hosts of the cluster have it, and others do not.
    Impact: VMs on it cannot be moved to those hosts, nor restarted there after a failure.
    Ask the vendor: is this wanted, and does your N+1 count with it?
    """
    mounted = {mount.host for mount in datastore.hosts or () if mount.mounted is not False}
    for cluster in look.inventory.clusters.values():
        members = known(cluster, "hosts")
        missing = [moid for moid in members if moid not in mounted]
        if missing and len(members) - len(missing) >= 2:
            names = ", ".join(look.inventory.named(moid) or moid for moid in missing)
            yield Fault(State.WARNING, f"is not mounted on {names} of {cluster.name}", part=cluster.moid)


_CLUSTER = ClusterComputeResource(moid="domain-c1", name="Production", hosts=("host-1", "host-2", "host-3"))
_TWO = (HostMount(host="host-1", mounted=True), HostMount(host="host-2", mounted=True))
datastore_not_on_all_hosts.fires(_CLUSTER, hosts=_TWO)
datastore_not_on_all_hosts.silent(_CLUSTER, hosts=(*_TWO, HostMount(host="host-3", mounted=True)))
