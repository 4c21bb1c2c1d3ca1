from agent.health.catalogue import Faults, check
from agent.health.grading import at_least
from agent.health.subjects import DATASTORE
from agent.model.datastore import Datastore
from agent.model.health import Fault, State


@check(DATASTORE, State.WARNING, State.CRITICAL, needs=("capacity_bytes", "free_bytes", "uncommitted_bytes"))
def datastore_overprovisioned(
    datastore: Datastore, *, warning_percent: float = 150, critical_percent: float = 200
) -> Faults:
    """More space is promised on a datastore than it has.

    Meaning: what is used, and what thin disks may still grow by, against its capacity.
    Impact: it fills although nobody adds a thing; when it is full, VMs pause.
    Ask the vendor: from which figure on do you extend it, and how fast can you?
    """
    capacity, free = datastore.capacity_bytes or 0, datastore.free_bytes or 0
    if capacity <= 0:
        return
    promised = 100 * (capacity - free + (datastore.uncommitted_bytes or 0)) / capacity
    if state := at_least(promised, warning=warning_percent, critical=critical_percent):
        yield Fault(state, f"{promised:.0f} % of it are promised")


datastore_overprovisioned.fires(capacity_bytes=1000, free_bytes=300, uncommitted_bytes=1100)
datastore_overprovisioned.silent(capacity_bytes=1000, free_bytes=300, uncommitted_bytes=200)
