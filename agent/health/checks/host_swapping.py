from agent.health.catalogue import Faults, check
from agent.health.example import Given
from agent.health.look import Look
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem

_IN, _OUT = "mem.swapinRate.average", "mem.swapoutRate.average"


@check(HOST, State.CRITICAL, counters=(_IN, _OUT), when=CONNECTED, lasting_minutes=15)
def host_swapping(host: HostSystem, look: Look, *, most_mib: float = 0.1) -> Faults:
    """A host swaps the memory of VMs to disk.

    Meaning: so many MiB a second, in and out, as the mean of a quarter of an hour. The host does it when ballooning and
    compression are not enough.
    Impact: the VMs it hits, ours or others', are slower by a hundred times.
    Ask the vendor: by how much is the memory of this host oversold, and when is it enlarged?
    """
    rate = (look.mean(host, _IN) + look.mean(host, _OUT)) / 1024
    if rate > most_mib:
        yield Fault(State.CRITICAL, f"swaps {rate:.1f} MiB a second")


host_swapping.fires(given=Given(counters={_IN: 900, _OUT: 2000}))
host_swapping.silent(given=Given(counters={_IN: 0, _OUT: 0}))
