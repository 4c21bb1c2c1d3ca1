from agent.health.catalogue import Faults, check
from agent.health.grading import at_least
from agent.health.look import Look
from agent.health.patching import behind_since
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import Fault, State


@check(VCENTER, State.WARNING, State.CRITICAL, needs=("version", "build", "api_type"))
def vcenter_build_old(vcenter: VCenter, look: Look, *, warning_days: float = 90, critical_days: float = 180) -> Faults:
    """VCenter has not been patched for a long time.

    Meaning: a newer release of its line has been out for so many days. From a table that comes with Checkmeter and can be
    added to; its date stands in every report. A build that is not in the table is unknown.
    Impact: known security holes stay open in the machine that rules all others.
    Ask the vendor: on which date was it patched last, and what does the contract say of patches?
    """
    if vcenter.api_type != "VirtualCenter":
        return  # a standalone host is host_build_old
    release = look.release(vcenter, "vcenter")
    newer = behind_since(look.builds, "vcenter", vcenter.version or "", release)
    if newer is not None:
        days = (look.now.date() - newer.released).days
        if state := at_least(days, warning=warning_days, critical=critical_days):
            yield Fault(state, f"{release.name} of {release.released}; {newer.name} has been out for {days} days")


vcenter_build_old.fires(version="8.0.3", build="24022515")
vcenter_build_old.silent(version="8.0.3", build="90000002")
