from datetime import timedelta

from agent.health.catalogue import Faults, check
from agent.health.example import Given, ago
from agent.health.grading import at_most
from agent.health.look import Look, Unseen
from agent.health.subjects import DATASTORE
from agent.health.trend import slope_per_day
from agent.health.wording import size
from agent.model.datastore import Datastore
from agent.model.health import Fault, Reason, State


@check(DATASTORE, State.WARNING, State.CRITICAL, needs=("free_bytes",), also=("the ledger's hours",), of_ledger=True)
def datastore_filling(
    datastore: Datastore, look: Look, *, warning_days: float = 30, critical_days: float = 7, over_days: float = 14
) -> Faults:
    """A datastore will be full soon if it goes on like this.

    Meaning: a straight line through its free space of each hour over the last two weeks, as the ledger has it. It needs
    three days at least, and is not made where there is no ledger.
    Impact: when it is full, VMs whose disks grow pause, all of them at once.
    Ask the vendor: when will it be extended? A purchase takes longer than the days that are left.
    """
    points = [one for one in (look.free_space or {}).get(datastore.moid, ()) if look.now - one[0] <= over_days * _DAY]
    if not points or points[-1][0] - points[0][0] < 3 * _DAY:
        raise Unseen(datastore, "free_bytes", reason=Reason.STALE, source="the ledger, 3 days of free space at least")
    shrinks = -(slope_per_day(points) or 0.0)
    if shrinks <= 0:
        return
    left = (datastore.free_bytes or 0) / shrinks
    if state := at_most(left, warning=warning_days, critical=critical_days):
        yield Fault(state, f"loses {size(shrinks)} a day, and is full in {left:.0f} days")


_DAY = timedelta(days=1)
_GIB = 1024**3
_FILLS = tuple((ago(hours=hours), (100 + hours) * _GIB) for hours in range(240, 0, -1))
_STEADY = tuple((ago(hours=hours), 100 * _GIB) for hours in range(240, 0, -1))
datastore_filling.fires(free_bytes=100 * _GIB, given=Given(free_space=_FILLS))
datastore_filling.silent(free_bytes=100 * _GIB, given=Given(free_space=_STEADY))
