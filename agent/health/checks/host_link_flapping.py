from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import HOST, VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset(
    {
        "esx.problem.net.vmnic.linkstate.flapping",
        "esx.problem.net.vmnic.linkstate.down",
    }
)


@check(VCENTER, State.WARNING, events=_KINDS, about=HOST)
def host_link_flapping(_vcenter: VCenter, look: Look, *, within_hours: float = 24, most_count: float = 3) -> Faults:
    """The link of a network card comes and goes.

    Meaning: so many losses of a link within the time, or the host itself calls it flapping.
    Impact: VMs lose packets for seconds each time; the cable or the transceiver will fail.
    Ask the vendor: which cable or port is it, and when is it changed?
    """
    for happening in look.happened(_KINDS, within_hours):
        if happening.times >= most_count or happening.newest.kind.endswith("flapping"):
            yield happening.fault(State.WARNING, "a network link comes and goes, the last time")


_SEEN = happened("esx.problem.net.vmnic.linkstate.flapping", host="host-1", host_name="esx01")
host_link_flapping.fires(given=Given(events=(_SEEN,)))
host_link_flapping.silent(given=Given(events=()))
