from agent.health.catalogue import Faults, check
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.host_storage import ScsiLun

_BAD = {
    "degraded": State.WARNING,
    "timeout": State.WARNING,
    "error": State.CRITICAL,
    "lostCommunication": State.CRITICAL,
}


@check(HOST, State.WARNING, State.CRITICAL, needs=("scsi_luns",), when=CONNECTED, lasting_minutes=10)
def host_lun_degraded(host: HostSystem) -> Faults:
    """A LUN is degraded or lost, as a host sees it.

    Meaning: the host reports trouble with the disk itself and not with a path to it.
    Impact: VMs on it are slow or stand still.
    Ask the vendor: what does the storage array say of it, and which datastore lies on it?
    """
    for lun in host.scsi_luns or ():
        for word in lun.operational_state or ():
            if word in _BAD:
                yield Fault(_BAD[word], f"{lun.canonical_name} is {word}", part=lun.canonical_name or "")


host_lun_degraded.fires(scsi_luns=(ScsiLun(canonical_name="naa.6006", operational_state=("degraded",)),))
host_lun_degraded.silent(scsi_luns=(ScsiLun(canonical_name="naa.6006", operational_state=("ok",)),))
