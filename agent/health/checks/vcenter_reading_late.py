from agent.health.catalogue import Faults, check
from agent.health.example import NOON, Given, ago
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import Fault, State
from agent.model.world import CollectorStatus


@check(VCENTER, State.WARNING, needs=("late",), lasting_minutes=10)
def vcenter_reading_late(vcenter: VCenter) -> Faults:
    """A part of vCenter has not been read for a while.

    Meaning: one of the agent's collectors had no success within three of its intervals.
    Impact: what it reads is unknown: checks that need it say so.
    Ask the vendor: is vCenter overloaded or restarting? Look at the agent's log first.
    """
    for name in vcenter.late or ():
        yield Fault(State.WARNING, f"the {name} collector is late", part=name)


_LATE = CollectorStatus(interval_s=60, last_success=ago(hours=1))
_FRESH = CollectorStatus(interval_s=60, last_success=NOON)
vcenter_reading_late.fires(given=Given(target={"collectors": {"quick": _FRESH, "slow": _FRESH, "events": _LATE}}))
vcenter_reading_late.silent()
