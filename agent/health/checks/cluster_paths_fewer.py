from collections import defaultdict

from agent.health.catalogue import Faults, check
from agent.health.evidence import values_of
from agent.health.look import Look
from agent.health.members import members
from agent.health.subjects import CLUSTER, HOST
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.host_storage import MultipathLun, ScsiLun, StoragePath


@check(
    CLUSTER,
    State.WARNING,
    needs=("hosts",),
    also=("HostSystem.config.storageDevice.multipathInfo.lun", "HostSystem.config.storageDevice.scsiLun"),
    lasting_minutes=60,
    about=HOST,
)
def cluster_paths_fewer(cluster: ClusterComputeResource, look: Look) -> Faults:
    """A host has fewer paths to a LUN than the other hosts of its cluster.

    Meaning: a path that was lost before the host started is not dead: it is not there at all, and no alarm tells of it.
    Compared with the host that has most paths to the same LUN.
    Impact: as for a dead path, but nobody is told.
    Ask the vendor: is this host cabled and zoned like the others, and who checks that after work on the network?
    """
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for host in members(cluster, look, "multipath", "scsi_luns"):
        names = {lun.key: lun.canonical_name for lun in host.scsi_luns or () if not lun.local}
        for lun in host.multipath or ():
            name = names.get(lun.lun)
            if name is not None:
                counts[name][host.moid] = len(lun.paths or ())
    for name, by_host in counts.items():
        most = max(by_host.values())
        for moid, count in by_host.items():
            if count < most:
                seen = values_of(look.seen("hosts", moid), look, "multipath")
                words = f"{count} paths to {name}, another host has {most}"
                yield Fault(State.WARNING, words, part=name, on=moid, evidence=seen)


def _host(number: int, paths: int) -> HostSystem:
    own = tuple(StoragePath(name=f"path-{n}", state="active") for n in range(paths))
    return HostSystem(
        moid=f"host-{number}",
        name=f"esx0{number}",
        connection_state="connected",
        scsi_luns=(ScsiLun(key="key-1", canonical_name="naa.6006"),),
        multipath=(MultipathLun(lun="key-1", paths=own),),
    )


cluster_paths_fewer.fires(_host(1, 4), _host(2, 2), hosts=("host-1", "host-2"))
cluster_paths_fewer.silent(_host(1, 4), _host(2, 4), hosts=("host-1", "host-2"))
