from agent.health.catalogue import Faults, check
from agent.health.look import Unseen
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.host_storage import MultipathLun, ScsiLun, StoragePath

_ALIVE = frozenset({"active", "standby"})


@check(HOST, State.WARNING, State.CRITICAL, needs=("multipath", "scsi_luns"), when=CONNECTED, lasting_minutes=15)
def host_path_dead(host: HostSystem) -> Faults:
    """A path from a host to its storage is dead.

    Meaning: of the paths to this LUN, over its adapters, switches and array ports, some do not work. Critical where one
    or none is left of several.
    Impact: the redundancy that is paid for is gone; the next broken cable stops every VM on that datastore.
    Ask the vendor: which cable, switch or port is it, since when, and who is notified of dead paths?
    """
    names = {lun.key: lun.canonical_name for lun in host.scsi_luns or ()}
    for lun in host.multipath or ():
        paths = lun.paths or ()
        dead = sum(path.state == "dead" for path in paths)
        alive = sum(path.state in _ALIVE for path in paths)
        if dead:
            state = State.CRITICAL if alive < 2 else State.WARNING
            name = names.get(lun.lun) or lun.id or ""
            yield Fault(state, f"{dead} of {len(paths)} paths to {name} are dead, {alive} work", part=name)
    if any(path.state is None for lun in host.multipath or () for path in lun.paths or ()):
        raise Unseen(host, "multipath")


def _lun(*states: str) -> tuple[MultipathLun, ...]:
    paths = tuple(StoragePath(name=f"vmhba{n}", state=state) for n, state in enumerate(states))
    return (MultipathLun(id="0200", lun="key-1", paths=paths),)


_NAMES = (ScsiLun(key="key-1", canonical_name="naa.6006"),)
host_path_dead.fires(multipath=_lun("active", "active", "active", "dead"), scsi_luns=_NAMES)
host_path_dead.fires(multipath=_lun("active", "dead"), scsi_luns=_NAMES)
host_path_dead.silent(multipath=_lun("active", "standby"), scsi_luns=_NAMES)
