from agent.health.catalogue import Faults, check
from agent.health.grading import at_least
from agent.health.subjects import VCENTER
from agent.health.vcenter_facts import VCenter
from agent.model.health import Fault, State


@check(VCENTER, State.WARNING, State.CRITICAL, needs=("clock_offset_s",), lasting_minutes=15)
def vcenter_clock_off(vcenter: VCenter, *, warning_seconds: float = 2, critical_seconds: float = 30) -> Faults:
    """The clock of vCenter differs from ours.

    Meaning: vCenter's time, asked for over the API, against the clock of this machine, less half of the way there and
    back. One of the two is wrong: look at this machine's first.
    Impact: the times in the vendor's events and logs do not fit with anybody else's. Our ledger corrects for it.
    Ask the vendor: which time servers does vCenter use, and who watches that it follows them?
    """
    offset = vcenter.clock_offset_s or 0.0
    if state := at_least(abs(offset), warning=warning_seconds, critical=critical_seconds):
        yield Fault(state, f"its clock is {abs(offset):.1f} s {'ahead of' if offset > 0 else 'behind'} ours")


vcenter_clock_off.fires(clock_offset_s=-41.5)
vcenter_clock_off.silent(clock_offset_s=0.3)
