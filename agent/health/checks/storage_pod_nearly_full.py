from agent.health.catalogue import Faults, check
from agent.health.grading import at_most
from agent.health.subjects import POD
from agent.health.wording import size
from agent.model.datastore import StoragePod
from agent.model.health import Fault, State


@check(POD, State.WARNING, State.CRITICAL, needs=("capacity_bytes", "free_bytes"), lasting_minutes=30)
def storage_pod_nearly_full(pod: StoragePod, *, warning_percent: float = 20, critical_percent: float = 10) -> Faults:
    """A datastore cluster is nearly full.

    Meaning: less than that share of all its datastores together is free: moving VMs between them helps no more.
    Impact: the next growth has no room anywhere.
    Ask the vendor: when is new storage there?
    """
    capacity, free = pod.capacity_bytes or 0, pod.free_bytes or 0
    if capacity <= 0:
        return
    share = 100 * free / capacity
    if state := at_most(share, warning=warning_percent, critical=critical_percent):
        yield Fault(state, f"{share:.1f} % free: {size(free)} of {size(capacity)}")


storage_pod_nearly_full.fires(capacity_bytes=1000, free_bytes=90)
storage_pod_nearly_full.silent(capacity_bytes=1000, free_bytes=400)
