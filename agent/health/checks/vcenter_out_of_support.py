from agent.health.catalogue import Faults, check
from agent.health.example import Given
from agent.health.look import Look
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import Fault, State


@check(VCENTER, State.WARNING, State.CRITICAL, needs=("version", "api_type"))
def vcenter_out_of_support(vcenter: VCenter, look: Look, *, warning_days: float = 180) -> Faults:
    """The general support of vCenter's version has ended, or ends soon.

    Meaning: by the maker's life cycle, in a table that comes with Checkmeter and can be added to.
    Impact: no more fixes, security fixes neither.
    Ask the vendor: when will you upgrade, and does a paid extension cover us until then?
    """
    if vcenter.api_type != "VirtualCenter":
        return
    end = look.support_end(vcenter, "vcenter")
    left = (end - look.now.date()).days
    if left < 0:
        yield Fault(State.CRITICAL, f"the support of vCenter {vcenter.version} ended on {end}")
    elif left <= warning_days:
        yield Fault(State.WARNING, f"the support of vCenter {vcenter.version} ends on {end}")


vcenter_out_of_support.fires(version="7.0.3")
vcenter_out_of_support.silent(version="8.0.3", given=Given())
