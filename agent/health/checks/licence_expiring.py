from datetime import timedelta

from agent.health.catalogue import Faults, check
from agent.health.example import ahead
from agent.health.grading import at_most
from agent.health.look import Look
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.health.wording import length
from agent.model.health import Fault, State
from agent.model.licence import Licence

_DAY = timedelta(days=1)


@check(VCENTER, State.WARNING, State.CRITICAL, needs=("licences",), privilege="Global.Licenses")
def licence_expiring(vcenter: VCenter, look: Look, *, warning_days: float = 60, critical_days: float = 14) -> Faults:
    """A licence expires soon, or has expired.

    Meaning: vCenter holds a licence with an end date. Subscriptions end too; perpetual licences have no date.
    Impact: hosts whose licence has expired are disconnected, and VMs that are off cannot be started.
    Ask the vendor: is the renewal ordered, and on which date is the new key assigned?
    """
    for licence in vcenter.licences or ():
        if licence.expires is None:
            continue
        left = licence.expires - look.now
        if state := at_most(left / _DAY, warning=warning_days, critical=critical_days):
            words = f"expires in {length(left)}" if left > timedelta() else f"expired {length(left)} ago"
            yield Fault(state, f"licence {licence.name!r} {words}", part=licence.id or "")


licence_expiring.fires(licences=(Licence(id="a1", name="vSphere 8 Enterprise Plus", expires=ahead(days=9)),))
licence_expiring.silent(licences=(Licence(id="a1", name="vSphere 8 Enterprise Plus"),))
