from agent.health.catalogue import Faults, check
from agent.health.grading import at_least
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem


@check(
    HOST,
    State.WARNING,
    State.CRITICAL,
    needs=("cpu_usage_mhz", "cpu_mhz", "cpu_cores"),
    when=CONNECTED,
    lasting_minutes=60,
)
def host_cpu_high(host: HostSystem, *, warning_percent: float = 85, critical_percent: float = 95) -> Faults:
    """The processors of a host are nearly used up.

    Meaning: what all VMs and the host itself use, by cores times clock. The alert waits an hour.
    Impact: VMs wait for a core, seen as ready time; ours may wait for others'.
    Ask the vendor: which VMs make the load, and why does DRS not move them?
    """
    capacity = (host.cpu_mhz or 0) * (host.cpu_cores or 0)
    share = 100 * (host.cpu_usage_mhz or 0) / capacity if capacity else 0.0
    if state := at_least(share, warning=warning_percent, critical=critical_percent):
        yield Fault(state, f"{share:.0f} % of its processors are in use")


host_cpu_high.fires(cpu_usage_mhz=79_000, cpu_mhz=2600, cpu_cores=32)
host_cpu_high.silent(cpu_usage_mhz=30_000, cpu_mhz=2600, cpu_cores=32)
