from agent.health.catalogue import Faults, check
from agent.health.grading import at_least
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem

_MIB = 1024 * 1024


@check(
    HOST, State.WARNING, State.CRITICAL, needs=("memory_usage_mib", "memory_bytes"), when=CONNECTED, lasting_minutes=60
)
def host_memory_high(host: HostSystem, *, warning_percent: float = 90, critical_percent: float = 96) -> Faults:
    """The memory of a host is nearly used up.

    Meaning: what VMs have touched and the host itself needs. From about 94 % on the host takes memory back: first by
    ballooning, then by compressing, at last by swapping.
    Impact: VMs get slower without anything being wrong in them.
    Ask the vendor: when is memory added, or a VM moved away?
    """
    capacity = (host.memory_bytes or 0) / _MIB
    share = 100 * (host.memory_usage_mib or 0) / capacity if capacity else 0.0
    if state := at_least(share, warning=warning_percent, critical=critical_percent):
        yield Fault(state, f"{share:.0f} % of its memory is in use")


host_memory_high.fires(memory_usage_mib=505_000, memory_bytes=512 * 1024**3)
host_memory_high.silent(memory_usage_mib=300_000, memory_bytes=512 * 1024**3)
