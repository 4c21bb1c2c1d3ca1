"""What probes from the customer's own side say of one VM in one month, beside what the ledger says. Seconds."""

from agent.dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeResult:
    """Of one VM and one job that probes; counted in whole minutes while the ledger said that the VM was up."""

    vcenter: str
    vm_id: str
    name: str
    probe: str
    unreachable_s: int
    """up for the platform, not reached by the probe"""
    probed_s: int
    """for how long there was an answer at all"""
