from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset({"com.vmware.license.LicenseCapacityExceededEvent", "LicenseExpiredEvent", "NoLicenseEvent"})


@check(VCENTER, State.WARNING, events=_KINDS)
def licence_event(_vcenter: VCenter, look: Look, *, within_hours: float = 7 * 24) -> Faults:
    """VCenter complains of a licence.

    Meaning: one has expired, is used beyond what it covers, or is missing.
    Impact: hosts are disconnected, or the vendor fails an audit.
    Ask the vendor: which one is it, and when will it be put right?
    """
    for happening in look.happened(_KINDS, within_hours):
        yield happening.fault(State.WARNING, happening.newest.message or happening.newest.kind)


licence_event.fires(given=Given(events=(happened("LicenseExpiredEvent", message="A license has expired"),)))
licence_event.silent(given=Given(events=()))
