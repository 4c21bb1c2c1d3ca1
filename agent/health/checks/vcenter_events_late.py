from agent.health.catalogue import Faults, check
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import Fault, State


@check(VCENTER, State.WARNING, sees=("event_lag_s",), lasting_minutes=15)
def vcenter_events_late(vcenter: VCenter, *, warning_minutes: float = 15) -> Faults:
    """The events that we have read are far behind vCenter's clock.

    Meaning: the ledger is not being kept up to date: vCenter answers slowly, or the agent was off and reads on.
    Impact: what happened just now is not known yet. If it goes on beyond vCenter's retention, proof is lost.
    Ask the vendor: nothing at first: look at the agent's log.
    """
    minutes = (vcenter.event_lag_s or 0) / 60
    if minutes >= warning_minutes:
        yield Fault(State.WARNING, f"events are read up to {minutes:.0f} minutes ago")


vcenter_events_late.fires(event_lag_s=4000.0)
vcenter_events_late.silent(event_lag_s=12.0)
