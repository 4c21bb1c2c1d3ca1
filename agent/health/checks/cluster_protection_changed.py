from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset(
    {
        "DasDisabledEvent",
        "DrsDisabledEvent",
        "DasAdmissionControlDisabledEvent",
        "com.vmware.vc.HA.DasHostMonitoringDisabledEvent",
    }
)


@check(VCENTER, State.WARNING, events=_KINDS)
def cluster_protection_changed(_vcenter: VCenter, look: Look, *, within_hours: float = 24) -> Faults:
    """Somebody switched HA, DRS or admission control off.

    Meaning: within the last day, by whom and at which time. It may be on again by now.
    Impact: in that time a host failure would have been an outage without restart, or the cluster without balance.
    Ask the vendor: for which work was it switched off, was it announced, and who switched it on again?
    """
    for happening in look.happened(_KINDS, within_hours):
        message = happening.newest.message or f"protection was switched off ({happening.newest.kind})"
        yield happening.fault(State.WARNING, message)


_SEEN = happened("DasDisabledEvent", cluster="domain-c1", user="DRIFT\\ole", message="HA disabled on cluster PROD")
cluster_protection_changed.fires(given=Given(events=(_SEEN,)))
cluster_protection_changed.silent(given=Given(events=()))
