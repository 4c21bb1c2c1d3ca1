from agent.health.catalogue import Faults, check
from agent.health.subjects import DATASTORE
from agent.model.datastore import Datastore
from agent.model.health import Fault, State


@check(DATASTORE, State.WARNING, State.CRITICAL, needs=("overall_status",), lasting_minutes=30)
def datastore_status_bad(datastore: Datastore) -> Faults:
    """VCenter shows a datastore in yellow or red.

    Meaning: the roll-up of all alarms on it; alarm_unacknowledged says which.
    Impact: as the alarm says.
    Ask the vendor: who sees this colour, and what was done?
    """
    match datastore.overall_status:
        case "red":
            yield Fault(State.CRITICAL, "its status is red")
        case "yellow":
            yield Fault(State.WARNING, "its status is yellow")


datastore_status_bad.fires(overall_status="red")
datastore_status_bad.silent(overall_status="green")
