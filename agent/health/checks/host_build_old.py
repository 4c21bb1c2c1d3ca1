from agent.health.catalogue import Faults, check
from agent.health.grading import at_least
from agent.health.look import Look
from agent.health.patching import behind_since
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem


@check(HOST, State.WARNING, State.CRITICAL, needs=("version", "build"), when=CONNECTED)
def host_build_old(host: HostSystem, look: Look, *, warning_days: float = 90, critical_days: float = 180) -> Faults:
    """A host has not been patched for a long time.

    Meaning: a newer release of its line has been out for so many days. From a table that comes with Checkmeter and can be
    added to; its date stands in every report. A build that is not in the table is unknown.
    Impact: known security holes and faults stay, below every VM of the host.
    Ask the vendor: on which date was this host patched last, and what does the contract say of patches?
    """
    release = look.release(host, "esxi")
    newer = behind_since(look.builds, "esxi", host.version or "", release)
    if newer is not None:
        days = (look.now.date() - newer.released).days
        if state := at_least(days, warning=warning_days, critical=critical_days):
            yield Fault(state, f"{release.name} of {release.released}; {newer.name} has been out for {days} days")


host_build_old.fires(version="8.0.3", build="24022510")
host_build_old.silent(version="8.0.3", build="90000001")
