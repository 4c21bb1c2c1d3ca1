from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset(
    {
        "InsufficientFailoverResourcesEvent",
        "com.vmware.vc.HA.InsufficientFailoverLevelEvent",
        "ClusterOvercommittedEvent",
    }
)


@check(VCENTER, State.CRITICAL, events=_KINDS)
def cluster_failover_room_lost(_vcenter: VCenter, look: Look, *, within_hours: float = 24) -> Faults:
    """A cluster had too little room for a failed host, by a warning of vCenter.

    Meaning: vCenter's own events of the last day. How it is now: cluster_failover_capacity_low and cluster_not_n_plus_1.
    Impact: in that time HA could not have restarted every VM.
    Ask the vendor: why was it so full, and who reacted?
    """
    for happening in look.happened(_KINDS, within_hours):
        message = happening.newest.message or f"too little room for a failed host ({happening.newest.kind})"
        yield happening.fault(State.CRITICAL, message)


_SEEN = happened(
    "InsufficientFailoverResourcesEvent", cluster="domain-c1", message="Insufficient resources to satisfy HA failover"
)
cluster_failover_room_lost.fires(given=Given(events=(_SEEN,)))
cluster_failover_room_lost.silent(given=Given(events=()))
