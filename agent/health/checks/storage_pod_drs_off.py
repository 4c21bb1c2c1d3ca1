from agent.health.catalogue import Faults, check
from agent.health.subjects import POD
from agent.model.datastore import StoragePod
from agent.model.health import Fault, State


@check(POD, State.INFO, needs=("drs_enabled",))
def storage_pod_drs_off(pod: StoragePod) -> Faults:
    """Storage DRS is off for a datastore cluster.

    Meaning: space and load are balanced between its datastores by hand.
    Impact: one fills while the others have room.
    Ask the vendor: who balances them, and how often?
    """
    if not pod.drs_enabled:
        yield Fault(State.INFO, "Storage DRS is off")


storage_pod_drs_off.fires(drs_enabled=False)
storage_pod_drs_off.silent(drs_enabled=True)
