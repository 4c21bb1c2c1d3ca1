from agent.health.catalogue import Faults, check
from agent.health.grading import at_most
from agent.health.subjects import DATASTORE
from agent.health.wording import size
from agent.model.datastore import Datastore
from agent.model.health import Fault, State

_GIB = 1024**3


@check(DATASTORE, State.WARNING, State.CRITICAL, needs=("capacity_bytes", "free_bytes"), lasting_minutes=15)
def datastore_nearly_full(datastore: Datastore, *, warning_percent: float = 20, critical_percent: float = 10) -> Faults:
    """A datastore is nearly full.

    Meaning: less than that share of its capacity is free. The figure is as old as datastore_figure_old says.
    Impact: VMs whose disks grow (thin disks, snapshots) pause when it is full, all of them at once.
    Ask the vendor: when will it be extended or emptied, and from which figure on do you act by yourself?
    """
    capacity, free = datastore.capacity_bytes or 0, datastore.free_bytes or 0
    if capacity <= 0:
        return  # an inaccessible datastore has no size
    share = 100 * free / capacity
    if state := at_most(share, warning=warning_percent, critical=critical_percent):
        yield Fault(state, f"{share:.1f} % free: {size(free)} of {size(capacity)}")


datastore_nearly_full.fires(capacity_bytes=1000 * _GIB, free_bytes=80 * _GIB)
datastore_nearly_full.silent(capacity_bytes=1000 * _GIB, free_bytes=300 * _GIB)
