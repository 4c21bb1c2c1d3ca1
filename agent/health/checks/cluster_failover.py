from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset(
    {
        "DasHostFailedEvent",
        "com.vmware.vc.HA.DasHostFailedEvent",
        "com.vmware.vc.HA.DasHostIsolatedEvent",
        "com.vmware.vc.HA.ClusterFailoverActionInitiatedEvent",
        "com.vmware.vc.HA.ClusterFailoverActionCompletedEvent",
    }
)


@check(VCENTER, State.CRITICAL, events=_KINDS)
def cluster_failover(_vcenter: VCenter, look: Look, *, within_hours: float = 24) -> Faults:
    """HA has found a host failed or cut off, and failed over.

    Meaning: vCenter's own events of the last day, one finding for each host and cluster. Which VMs were restarted, and for how
    long each was down, is in the ledger.
    Impact: an outage of every VM on that host, of some minutes at least.
    Ask the vendor: what failed, at which second, what was done about it, and where is the incident report?
    """
    for happening in look.happened(_KINDS, within_hours):
        message = happening.newest.message or f"HA failed over ({happening.newest.kind})"
        yield happening.fault(State.CRITICAL, message)


_SEEN = happened(
    "com.vmware.vc.HA.DasHostFailedEvent", host="host-1", host_name="esx01", message="HA detected a host failure: esx01"
)
cluster_failover.fires(given=Given(events=(_SEEN,)))
cluster_failover.silent(given=Given(events=()))
