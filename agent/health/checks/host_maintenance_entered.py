from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import HOST, VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset(
    {
        "EnteredMaintenanceModeEvent",
    }
)


@check(VCENTER, State.INFO, events=_KINDS, about=HOST)
def host_maintenance_entered(_vcenter: VCenter, look: Look, *, within_hours: float = 24) -> Faults:
    """A host was taken into maintenance.

    Meaning: within the last day, by whom and at which time. It may be back by now.
    Impact: the cluster had a host less meanwhile. Compare it with what was announced.
    Ask the vendor: was it in the change calendar?
    """
    for happening in look.happened(_KINDS, within_hours):
        yield happening.fault(State.INFO, "was taken into maintenance")


_SEEN = happened("EnteredMaintenanceModeEvent", host="host-1", host_name="esx01", user="DRIFT\\ole")
host_maintenance_entered.fires(given=Given(events=(_SEEN,)))
host_maintenance_entered.silent(given=Given(events=()))
