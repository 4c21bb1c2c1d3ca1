from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import HOST, VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset(
    {
        "esx.problem.host.coredump",
    }
)


@check(VCENTER, State.CRITICAL, events=_KINDS, about=HOST)
def host_crashed(_vcenter: VCenter, look: Look, *, within_hours: float = 24) -> Faults:
    """A host has crashed and written a dump.

    Meaning: an unread core dump was found when the host started again: it had stopped with a purple screen.
    Impact: every VM on it went down without warning.
    Ask the vendor: was the dump sent to the maker, what was the cause, and is it repaired?
    """
    for happening in look.happened(_KINDS, within_hours):
        yield happening.fault(State.CRITICAL, "crashed and left a core dump, found")


_SEEN = happened("esx.problem.host.coredump", host="host-1", host_name="esx01")
host_crashed.fires(given=Given(events=(_SEEN,)))
host_crashed.silent(given=Given(events=()))
