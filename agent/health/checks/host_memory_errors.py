from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import HOST, VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset(
    {
        "esx.problem.cpu.page.correctederrors.high",
        "esx.problem.cpu.mce.invalid",
    }
)


@check(VCENTER, State.WARNING, events=_KINDS, about=HOST)
def host_memory_errors(_vcenter: VCenter, look: Look, *, within_hours: float = 24) -> Faults:
    """A host corrects errors of its memory or processors.

    Meaning: the hypervisor has counted many corrected errors, or a machine check that it could not read.
    Impact: a part that will fail, and then takes every VM of the host with it.
    Ask the vendor: which module is it, is the spare ordered, and will the host be emptied before?
    """
    for happening in look.happened(_KINDS, within_hours):
        yield happening.fault(State.WARNING, "errors of memory or processor were corrected, the last")


_SEEN = happened("esx.problem.cpu.page.correctederrors.high", host="host-1", host_name="esx01")
host_memory_errors.fires(given=Given(events=(_SEEN,)))
host_memory_errors.silent(given=Given(events=()))
