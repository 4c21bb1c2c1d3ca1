from agent.health.catalogue import Faults, check
from agent.health.subjects import DATASTORE
from agent.model.datastore import Datastore
from agent.model.health import Fault, State


@check(DATASTORE, State.INFO, needs=("kind",), sees=("vmfs_major_version",))
def datastore_vmfs_outdated(datastore: Datastore, *, below_version: float = 6) -> Faults:
    """A datastore has an old version of VMFS.

    Meaning: VMFS 5 and before cannot be upgraded in place to 6: the VMs have to be moved to a new datastore.
    Impact: freed space is not given back to the storage; an ESXi to come will not mount it.
    Ask the vendor: when will its VMs be moved to a new one?
    """
    version = datastore.vmfs_major_version
    if datastore.kind == "VMFS" and version is not None and version < below_version:
        yield Fault(State.INFO, f"is VMFS {version}")


datastore_vmfs_outdated.fires(kind="VMFS", vmfs_major_version=5)
datastore_vmfs_outdated.silent(kind="VMFS", vmfs_major_version=6)
