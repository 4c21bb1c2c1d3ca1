from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import HOST, VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset(
    {
        "HostConnectionLostEvent",
        "HostReconnectionFailedEvent",
    }
)


@check(VCENTER, State.WARNING, events=_KINDS, about=HOST)
def host_connection_lost(_vcenter: VCenter, look: Look, *, within_hours: float = 24) -> Faults:
    """A host was lost to vCenter for a while.

    Meaning: within the last day vCenter had no answer from the host, shorter than host_not_connected would tell, or until now.
    Impact: either the host was down, or the network to it; in that time nobody could see or manage its VMs.
    Ask the vendor: what happened at that time, and were the VMs reachable?
    """
    for happening in look.happened(_KINDS, within_hours):
        yield happening.fault(State.WARNING, "vCenter lost the connection to it")


_SEEN = happened("HostConnectionLostEvent", host="host-1", host_name="esx01")
host_connection_lost.fires(given=Given(events=(_SEEN,)))
host_connection_lost.silent(given=Given(events=()))
