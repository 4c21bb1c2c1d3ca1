from agent.health.catalogue import Faults, check
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import Fault, State


@check(VCENTER, State.WARNING, needs=("retention_days",))
def vcenter_event_retention_short(vcenter: VCenter, *, warning_days: float = 30) -> Faults:
    """VCenter deletes its events after few days.

    Meaning: `event.maxAge`. What was not read by then is gone.
    Impact: after an outage of the meter that is longer, downtime in that time cannot be proved.
    Ask the vendor: please keep events for 30 days at least; it costs some database space.
    """
    if (vcenter.retention_days or 0) < warning_days:
        yield Fault(State.WARNING, f"events are kept for {vcenter.retention_days} days")


vcenter_event_retention_short.fires(retention_days=7)
vcenter_event_retention_short.silent(retention_days=30)
