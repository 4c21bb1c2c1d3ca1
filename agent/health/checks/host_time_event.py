from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import HOST, VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset(
    {
        "esx.problem.clock.correction.adjtime.lostsync",
        "esx.problem.clock.correction.adjtime.unsync",
        "esx.problem.clock.correction.delta.failed",
        "esx.problem.clock.correction.delta.warning",
        "esx.problem.clock.correction.step.unsync",
        "esx.problem.clock.state.reset",
        "esx.problem.ntpd.clock.correction.error",
    }
)


@check(VCENTER, State.WARNING, events=_KINDS, about=HOST)
def host_time_event(_vcenter: VCenter, look: Look, *, within_hours: float = 24) -> Faults:
    """A host reports trouble with its clock.

    Meaning: its time service has lost its servers, or had to set the clock by a step.
    Impact: the times in its logs before and after do not fit together.
    Ask the vendor: what was wrong with the time servers, and since when?
    """
    for happening in look.happened(_KINDS, within_hours):
        message = happening.newest.message or f"trouble with its clock ({happening.newest.kind})"
        yield happening.fault(State.WARNING, message)


_SEEN = happened(
    "esx.problem.ntpd.clock.correction.error",
    host="host-1",
    host_name="esx01",
    message="NTP daemon stopped: the correction is too large",
)
host_time_event.fires(given=Given(events=(_SEEN,)))
host_time_event.silent(given=Given(events=()))
