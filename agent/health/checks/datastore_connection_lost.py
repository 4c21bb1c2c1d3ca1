from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset(
    {
        "esx.problem.storage.apd.start",
        "esx.problem.storage.apd.timeout",
        "esx.problem.storage.connectivity.lost",
        "esx.problem.scsi.device.state.permanentloss",
        "esx.problem.vmfs.heartbeat.timedout",
        "esx.problem.vmfs.heartbeat.unrecoverable",
        "esx.problem.vmfs.nfs.server.disconnect",
    }
)


@check(VCENTER, State.CRITICAL, events=_KINDS)
def datastore_connection_lost(_vcenter: VCenter, look: Look, *, within_hours: float = 24) -> Faults:
    """A host lost its connection to storage.

    Meaning: all paths down, a device lost for good, a heartbeat to the datastore that timed out, an NFS server gone.
    Impact: VMs stood still for that time, seconds to minutes, without being off by any sign.
    Ask the vendor: what happened in the storage network, which hosts and VMs were hit, and for how long?
    """
    for happening in look.happened(_KINDS, within_hours):
        yield happening.fault(State.CRITICAL, f"storage was lost ({happening.newest.kind})")


_LOST = happened("esx.problem.storage.apd.start", host="host-1", host_name="esx1")
datastore_connection_lost.fires(given=Given(events=(_LOST,)))
datastore_connection_lost.silent(given=Given(events=()))
