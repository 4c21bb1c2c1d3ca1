from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset(
    {
        "com.vmware.vc.HA.HostHasNoIsolationAddrsDefined",
        "com.vmware.vc.HA.HeartbeatDatastoreNotSufficient",
        "com.vmware.vc.HA.HeartbeatDatastoreChanged",
    }
)


@check(VCENTER, State.WARNING, events=_KINDS)
def cluster_ha_fragile(_vcenter: VCenter, look: Look, *, within_hours: float = 24) -> Faults:
    """HA says that it cannot tell a failed host from one that is only cut off.

    Meaning: vCenter has warned within the last day that a host has no address to ask whether it is isolated, or that there are
    too few datastores for heartbeats.
    Impact: HA may restart VMs that still run, or none.
    Ask the vendor: which addresses and datastores should HA use, and why are they not there?
    """
    for happening in look.happened(_KINDS, within_hours):
        message = happening.newest.message or f"HA is fragile ({happening.newest.kind})"
        yield happening.fault(State.WARNING, message)


_SEEN = happened(
    "com.vmware.vc.HA.HostHasNoIsolationAddrsDefined",
    host="host-1",
    host_name="esx01",
    message="esx01 has no isolation addresses defined",
)
cluster_ha_fragile.fires(given=Given(events=(_SEEN,)))
cluster_ha_fragile.silent(given=Given(events=()))
