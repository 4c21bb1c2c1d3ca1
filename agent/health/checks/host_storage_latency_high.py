from agent.health.catalogue import Faults, check
from agent.health.example import Given
from agent.health.grading import at_least
from agent.health.look import Look
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem

_DEVICE, _KERNEL = "disk.deviceLatency.average", "disk.kernelLatency.average"


@check(HOST, State.WARNING, State.CRITICAL, counters=(_DEVICE, _KERNEL), when=CONNECTED, lasting_minutes=15)
def host_storage_latency_high(
    host: HostSystem, look: Look, *, warning_ms: float = 20, critical_ms: float = 50, kernel_ms: float = 2
) -> Faults:
    """The storage of a host is slow.

    Meaning: of its slowest LUN: how long the array takes (device latency), and how long requests wait in the host itself
    (kernel latency, above 2 ms its queues are full).
    Impact: every VM on that LUN waits, databases first.
    Ask the vendor: is it the array, the fabric or the host's queues, and which volume makes the load?
    """
    device, kernel = look.mean(host, _DEVICE), look.mean(host, _KERNEL)
    if state := at_least(device, warning=warning_ms, critical=critical_ms):
        yield Fault(state, f"its slowest LUN answers after {device:.0f} ms", part="device")
    if kernel > kernel_ms:
        yield Fault(State.WARNING, f"requests to its slowest LUN wait {kernel:.0f} ms in the host", part="kernel")


host_storage_latency_high.fires(given=Given(counters={_DEVICE: 34, _KERNEL: 0}))
host_storage_latency_high.silent(given=Given(counters={_DEVICE: 3, _KERNEL: 0}))
