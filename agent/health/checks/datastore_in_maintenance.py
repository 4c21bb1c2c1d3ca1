from agent.health.catalogue import Faults, check
from agent.health.subjects import DATASTORE
from agent.model.datastore import Datastore
from agent.model.health import Fault, State


@check(DATASTORE, State.WARNING, needs=("maintenance_mode",), lasting_minutes=24 * 60)
def datastore_in_maintenance(datastore: Datastore) -> Faults:
    """A datastore is in maintenance mode.

    Meaning: it is being emptied, or is to stay empty.
    Impact: its VMs are moved, which slows them; the space is missing elsewhere.
    Ask the vendor: was it announced, and until when?
    """
    if datastore.maintenance_mode != "normal":
        yield Fault(State.WARNING, f"is in maintenance ({datastore.maintenance_mode})")


datastore_in_maintenance.fires(maintenance_mode="inMaintenance")
datastore_in_maintenance.silent(maintenance_mode="normal")
