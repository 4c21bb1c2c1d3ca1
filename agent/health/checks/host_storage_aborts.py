from agent.health.catalogue import Faults, check
from agent.health.example import Given
from agent.health.look import Look
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem

_ABORTED = "disk.commandsAborted.summation"


@check(HOST, State.CRITICAL, counters=(_ABORTED,), when=CONNECTED)
def host_storage_aborts(host: HostSystem, look: Look, *, most_count: float = 0) -> Faults:
    """A host has given up requests to its storage.

    Meaning: more than so many requests a minute were aborted, because the array or the fabric did not answer for
    seconds. Mean of a quarter of an hour.
    Impact: guests see disk errors; Linux may set its file systems read-only.
    Ask the vendor: what happened on the array or the fabric at that time?
    """
    aborted = 60 * look.mean(host, _ABORTED)
    if aborted > most_count:
        yield Fault(State.CRITICAL, f"{aborted:.1f} requests to its storage a minute were aborted")


host_storage_aborts.fires(given=Given(counters={_ABORTED: 0.5}))
host_storage_aborts.silent(given=Given(counters={_ABORTED: 0}))
