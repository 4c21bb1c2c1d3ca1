from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import HOST, VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset(
    {
        "esx.problem.net.connectivity.lost",
        "esx.problem.net.redundancy.lost",
        "esx.problem.net.redundancy.degraded",
        "esx.problem.net.dvport.redundancy.lost",
    }
)


@check(VCENTER, State.WARNING, State.CRITICAL, events=_KINDS, about=HOST)
def host_network_lost(_vcenter: VCenter, look: Look, *, within_hours: float = 24) -> Faults:
    """A host has lost its network, or the second way to it.

    Meaning: the host's own events of the last day: connectivity lost is critical, redundancy lost is a warning. It may be back
    by now.
    Impact: VMs were cut off, or were one cable away from it.
    Ask the vendor: what happened at that time, and is the redundancy back?
    """
    for happening in look.happened(_KINDS, within_hours):
        if happening.newest.kind == "esx.problem.net.connectivity.lost":
            yield happening.fault(State.CRITICAL, "lost its network")
        else:
            yield happening.fault(State.WARNING, "lost the redundancy of its network")


_SEEN = happened("esx.problem.net.redundancy.lost", host="host-1", host_name="esx01")
host_network_lost.fires(given=Given(events=(_SEEN,)))
host_network_lost.silent(given=Given(events=()))
