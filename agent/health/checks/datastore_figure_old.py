from datetime import timedelta

from agent.health.catalogue import Faults, check
from agent.health.example import ago
from agent.health.look import Look
from agent.health.subjects import DATASTORE
from agent.health.wording import length
from agent.model.datastore import Datastore
from agent.model.health import Fault, State


@check(DATASTORE, State.INFO, needs=("read_at",))
def datastore_figure_old(datastore: Datastore, look: Look, *, after_hours: float = 24) -> Faults:
    """VCenter has not looked for a long time at how full a datastore is.

    Meaning: capacity and free space are of that age.
    Impact: it may be fuller than is shown, and nobody is warned.
    Ask the vendor: why are the figures not refreshed? Asking for it is a right that we do not use.
    """
    if datastore.read_at is not None and (age := look.age(datastore.read_at)) > timedelta(hours=after_hours):
        yield Fault(State.INFO, f"its figures are {length(age)} old")


datastore_figure_old.fires(read_at=ago(days=4))
datastore_figure_old.silent(read_at=ago(minutes=10))
