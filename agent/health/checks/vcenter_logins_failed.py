from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset({"BadUsernameSessionEvent", "NoAccessUserEvent", "com.vmware.sso.LoginFailure"})


@check(VCENTER, State.WARNING, events=_KINDS)
def vcenter_logins_failed(_vcenter: VCenter, look: Look, *, within_hours: float = 24, from_count: float = 5) -> Faults:
    """Many log-ins to vCenter failed.

    Meaning: wrong names or passwords, or accounts without any right, so many within that time.
    Impact: somebody tries passwords, or a service has an old one and does not do its work.
    Ask the vendor: from which address, and which service is it?
    """
    for happening in look.happened(_KINDS, within_hours):
        if happening.times >= from_count:
            yield happening.fault(State.WARNING, "log-ins failed, the last one")


_TRIES = tuple(happened("BadUsernameSessionEvent", key=key, user="svc-old") for key in range(9))
vcenter_logins_failed.fires(given=Given(events=_TRIES))
vcenter_logins_failed.silent(given=Given(events=_TRIES[:2]))
