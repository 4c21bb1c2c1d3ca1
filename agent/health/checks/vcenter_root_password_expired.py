from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset({"com.vmware.vc.system.RootPasswordExpiredEvent"})


@check(VCENTER, State.WARNING, events=_KINDS)
def vcenter_root_password_expired(_vcenter: VCenter, look: Look, *, within_hours: float = 7 * 24) -> Faults:
    """The root password of the vCenter appliance has expired.

    Meaning: vCenter's own event says so.
    Impact: updates and the appliance's own backup may fail; nobody can log in when it matters.
    Ask the vendor: who looks after the appliance?
    """
    for happening in look.happened(_KINDS, within_hours):
        yield happening.fault(State.WARNING, "the root password of the appliance has expired")


_EXPIRED = happened("com.vmware.vc.system.RootPasswordExpiredEvent")
vcenter_root_password_expired.fires(given=Given(events=(_EXPIRED,)))
vcenter_root_password_expired.silent(given=Given(events=()))
