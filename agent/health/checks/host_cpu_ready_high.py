from agent.health.catalogue import Faults, check
from agent.health.example import Given
from agent.health.grading import at_least
from agent.health.look import Look
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem

_READY = "cpu.ready.summation"


@check(
    HOST, State.WARNING, State.CRITICAL, needs=("cpu_cores",), counters=(_READY,), when=CONNECTED, lasting_minutes=15
)
def host_cpu_ready_high(
    host: HostSystem, look: Look, *, warning_percent: float = 10, critical_percent: float = 25
) -> Faults:
    """On a host many VMs wait for a free core.

    Meaning: the time that all its VMs together have waited while they wanted to compute, as a share of its cores. Mean of
    a quarter of an hour. It counts the VMs of others too, whom our account does not see.
    Impact: everything on the host is slower, and nothing inside the servers shows why.
    Ask the vendor: how many virtual processors are on this host, and what will you move or add?
    """
    share = look.mean(host, _READY) / 10 / max(1, host.cpu_cores or 1)
    if state := at_least(share, warning=warning_percent, critical=critical_percent):
        yield Fault(state, f"its VMs wait for a core {share:.0f} % of its cores' time")


host_cpu_ready_high.fires(cpu_cores=32, given=Given(counters={_READY: 6400}))
host_cpu_ready_high.silent(cpu_cores=32, given=Given(counters={_READY: 320}))
