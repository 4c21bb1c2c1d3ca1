from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import HOST, VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset(
    {
        "esx.problem.storage.redundancy.lost",
        "esx.problem.storage.redundancy.degraded",
    }
)


@check(VCENTER, State.WARNING, events=_KINDS, about=HOST)
def host_storage_redundancy_lost(_vcenter: VCenter, look: Look, *, within_hours: float = 24) -> Faults:
    """A host has lost the second way to its storage.

    Meaning: the host's own events of the last day. It may be back by now: host_path_dead says how it is.
    Impact: the next broken cable, switch or array port would have stopped every VM on that datastore.
    Ask the vendor: what happened at that time, was it planned work, and who was told?
    """
    for happening in look.happened(_KINDS, within_hours):
        yield happening.fault(State.WARNING, "lost the redundancy of its storage")


_SEEN = happened("esx.problem.storage.redundancy.lost", host="host-1", host_name="esx01")
host_storage_redundancy_lost.fires(given=Given(events=(_SEEN,)))
host_storage_redundancy_lost.silent(given=Given(events=()))
