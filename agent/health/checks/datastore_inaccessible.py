from agent.health.catalogue import Faults, check
from agent.health.look import Look
from agent.health.subjects import DATASTORE
from agent.model.datastore import Datastore, HostMount
from agent.model.health import Fault, State


@check(DATASTORE, State.CRITICAL, needs=("accessible", "hosts"), lasting_minutes=5)
def datastore_inaccessible(datastore: Datastore, look: Look) -> Faults:
    """A datastore cannot be reached, by vCenter or by one of its hosts.

    Meaning: it is mounted, and does not answer: all paths down, the device lost, the NFS server away.
    Impact: VMs on it stand still or stop; on one host only, those that run there.
    Ask the vendor: since when, what happened in the storage network, and which VMs were hit?
    """
    if not datastore.accessible:
        yield Fault(State.CRITICAL, "cannot be reached")
        return
    for mount in datastore.hosts or ():
        host = look.inventory.hosts.get(mount.host or "")
        if mount.accessible is False and (host is None or host.connection_state == "connected"):
            name = look.inventory.named(mount.host) or mount.host
            why = f" ({mount.inaccessible_reason})" if mount.inaccessible_reason else ""
            yield Fault(State.CRITICAL, f"{name} cannot reach it{why}", part=mount.host or "")


_LOST = HostMount(host="host-1", accessible=False, inaccessible_reason="AllPathsDown_Timeout")
datastore_inaccessible.fires(accessible=True, hosts=(_LOST,))
datastore_inaccessible.silent(accessible=True, hosts=(HostMount(host="host-1", accessible=True),))
