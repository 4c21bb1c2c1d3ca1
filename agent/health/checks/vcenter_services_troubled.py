from agent.health.catalogue import Faults, check
from agent.health.example import Given, happened
from agent.health.look import Look
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import State

_KINDS = frozenset(
    {
        "vim.event.ResourceExhaustionStatusChangedEvent",
        "com.vmware.vc.stats.StatsInsertErrorEvent",
        "com.vmware.vc.stats.HostQuickStatesNotUpToDateEvent",
        "AlarmEmailFailedEvent",
        "AlarmSnmpFailedEvent",
        "AlarmScriptFailedEvent",
    }
)


@check(VCENTER, State.WARNING, events=_KINDS)
def vcenter_services_troubled(_vcenter: VCenter, look: Look, *, within_hours: float = 24) -> Faults:
    """VCenter itself is short of something, or cannot do its own work.

    Meaning: disk, memory or CPU of the appliance run out, statistics cannot be written, or alarms cannot be sent.
    Impact: the vendor's monitoring fails silently, and figures get lost.
    Ask the vendor: who watches the appliance itself?
    """
    for happening in look.happened(_KINDS, within_hours):
        yield happening.fault(State.WARNING, happening.newest.message or happening.newest.kind)


_SHORT = happened("AlarmEmailFailedEvent", message="Cannot send email for alarm 'Fan status'")
vcenter_services_troubled.fires(given=Given(events=(_SHORT,)))
vcenter_services_troubled.silent(given=Given(events=()))
