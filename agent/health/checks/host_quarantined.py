from agent.health.catalogue import Faults, check
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem, PartialMaintenance


@check(HOST, State.WARNING, needs=("in_quarantine_mode",), sees=("partial_maintenance",), when=CONNECTED)
def host_quarantined(host: HostSystem) -> Faults:
    """A host is in quarantine or in partial maintenance.

    Meaning: Proactive HA has been told by the server's own management that a part is failing, and avoids the host; or a
    service of the host is being patched while its VMs run.
    Impact: less room in the cluster, and a server that will fail.
    Ask the vendor: which part is it, is the spare ordered, and on which day is it changed?
    """
    if host.in_quarantine_mode:
        yield Fault(State.WARNING, "is in quarantine")
    for one in host.partial_maintenance or ():
        if one.status not in (None, "notInPartialMM"):
            yield Fault(State.WARNING, f"is in partial maintenance: {one.key} {one.status}", part=one.key or "")


host_quarantined.fires(in_quarantine_mode=True)
host_quarantined.fires(
    in_quarantine_mode=False,
    partial_maintenance=(PartialMaintenance(key="quickPatchPartialMM", status="inPartialMM"),),
)
host_quarantined.silent(
    in_quarantine_mode=False,
    partial_maintenance=(PartialMaintenance(key="quickPatchPartialMM", status="notInPartialMM"),),
)
