from agent.health.catalogue import Faults, check
from agent.health.example import Given
from agent.health.grading import at_least
from agent.health.look import Look
from agent.health.subjects import DATASTORE
from agent.model.datastore import Datastore
from agent.model.health import Fault, State

_READ, _WRITE = "datastore.totalReadLatency.average", "datastore.totalWriteLatency.average"


@check(DATASTORE, State.WARNING, State.CRITICAL, counters=(_READ, _WRITE), lasting_minutes=15)
def datastore_latency_high(
    datastore: Datastore, look: Look, *, warning_ms: float = 20, critical_ms: float = 50
) -> Faults:
    """A datastore answers slowly.

    Meaning: the mean time of a read or a write as its slowest host sees it, of vCenter's five-minute figures.
    Impact: every VM on it is slow.
    Ask the vendor: is it the array, the path or one VM that takes it all, and which latency does the contract promise?
    """
    read, write = look.mean(datastore, _READ), look.mean(datastore, _WRITE)
    if state := at_least(max(read, write), warning=warning_ms, critical=critical_ms):
        yield Fault(state, f"a read takes {read:.0f} ms, a write {write:.0f} ms on its slowest host")


datastore_latency_high.fires(given=Given(counters={_READ: 31, _WRITE: 12}))
datastore_latency_high.silent(given=Given(counters={_READ: 2, _WRITE: 1}))
