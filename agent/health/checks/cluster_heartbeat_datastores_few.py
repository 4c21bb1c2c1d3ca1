from agent.health.catalogue import Faults, check
from agent.health.look import Look, known
from agent.health.subjects import CLUSTER, HA_CLUSTER
from agent.model.cluster import ClusterComputeResource
from agent.model.datastore import Datastore, HostMount
from agent.model.health import Fault, State


@check(
    CLUSTER, State.WARNING, needs=("hosts", "datastores"), also=("Datastore.host",), when=HA_CLUSTER, lasting_minutes=60
)
def cluster_heartbeat_datastores_few(cluster: ClusterComputeResource, look: Look, *, fewest_count: float = 2) -> Faults:
    """HA has too few datastores to tell a failed host from one that is only cut off.

    Meaning: our own count of the datastores that every host of the cluster has mounted. HA writes heartbeats to two of
    them, to see that a host still lives when the network to it is gone. vSAN does not count for it.
    Impact: after a fault in the management network HA may restart VMs that still run, or none.
    Ask the vendor: which datastores does HA use for its heartbeats?
    """
    wanted = set(cluster.hosts or ())
    shared = 0
    for moid in cluster.datastores or ():
        datastore = look.seen("datastores", moid)
        mounts = {mount.host for mount in known(datastore, "hosts") if mount.accessible is not False}
        shared += datastore.kind != "vsan" and wanted <= mounts
    if len(wanted) > 1 and shared < fewest_count:
        yield Fault(
            State.WARNING,
            f"{shared or 'no'} datastore{'s are' if shared > 1 else ' is'} mounted on all {len(wanted)} hosts",
        )


def _datastore(number: int, *hosts: str) -> Datastore:
    mounts = tuple(HostMount(host=host, accessible=True) for host in hosts)
    return Datastore(moid=f"datastore-{number}", name=f"VMFS-{number}", kind="VMFS", hosts=mounts)


_TWO = ("host-1", "host-2")
cluster_heartbeat_datastores_few.fires(
    _datastore(1, *_TWO), _datastore(2, "host-1"), hosts=_TWO, datastores=("datastore-1", "datastore-2")
)
cluster_heartbeat_datastores_few.silent(
    _datastore(1, *_TWO), _datastore(2, *_TWO), hosts=_TWO, datastores=("datastore-1", "datastore-2")
)
