"""A ledger as an agent leaves it: one vCenter, October 2026 and some days more."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.ledger.database import Database
from agent.ledger.store import COVERED, WATCHED, LedgerStore, Observed, Stretch
from agent.model.event import Event
from agent.model.evidence import PRESENT, SEEN, Observation

BEGIN = datetime(2026, 10, 1, tzinfo=UTC)
END = datetime(2026, 11, 10, tzinfo=UTC)
WATCH = timedelta(hours=1)
"""The agent ran so long, and later only read the events of the rest."""
OFF_AT = datetime(2026, 10, 3, 12, 2, 11, tzinfo=UTC)
ON_AT = OFF_AT + timedelta(minutes=4, seconds=12)
"""`srv-01` was switched off and on again by the vendor."""
SUMMER_ENDS = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
"""Half past two in Copenhagen, for the first time of that night; `srv-02` was suspended for an hour."""
ERP, FILES = "5031-erp", "5031-files"
VENDOR = "VENDOR\\operator"


def power_event(key: int, kind: str, at: datetime, vm: str = "vm-1", name: str = "srv-01", **more: str) -> Event:
    return Event(
        key=key,
        chain_id=key,
        kind=kind,
        created=at,
        vm=vm,
        vm_name=name,
        host="host-1",
        host_name="esx01",
        message=f"{name}: {kind}\nsecond line",
        fields={"template": "false"},
        **more,
    )


EVENTS = (
    power_event(4711, "VmPoweredOffEvent", OFF_AT, user=VENDOR),
    power_event(4715, "VmPoweredOnEvent", ON_AT, user=VENDOR),
    power_event(5000, "VmSuspendedEvent", SUMMER_ENDS, "vm-2", "srv-02", user=VENDOR),
    power_event(5001, "VmResumingEvent", SUMMER_ENDS + timedelta(minutes=59), "vm-2", "srv-02", user=VENDOR),
    power_event(5002, "VmPoweredOnEvent", SUMMER_ENDS + timedelta(hours=1), "vm-2", "srv-02", user=VENDOR),
)


def seen(moid: str, at: datetime, *, kind: str = "vm", **values: str) -> list[Observed]:
    """What is observed of an object when it is seen for the first time; `__` in a path stands for a dot."""
    paths = {PRESENT: SEEN, **{name.replace("__", "."): value for name, value in values.items()}}
    return [
        Observed(kind, moid, Observation(path=path, value=value, at=at, learned_at=at)) for path, value in paths.items()
    ]


def vm_seen(moid: str, vm_id: str, name: str, at: datetime = BEGIN, state: str = "poweredOn") -> list[Observed]:
    identity = Observed("vm", moid, Observation(path="@vm_id", value=vm_id, at=at, learned_at=at))
    rest = {"runtime__powerState": state, "runtime__connectionState": "connected", "runtime__host": "host-1"}
    return [identity, *seen(moid, at, name=name, **rest)]


def write(
    folder: Path,
    events: Iterable[Event] = EVENTS,
    observed: Iterable[Observed] | None = None,
    *,
    begin: datetime = BEGIN,
    until: datetime = END,
) -> Path:
    """Write the ledger into a state folder; the file."""
    file = folder / "checkmeter.db"
    database = Database(file)
    store = LedgerStore(database)
    vcenter = store.vcenter("uuid-1", "dc1", BEGIN)
    if observed is None:
        observed = [*vm_seen("vm-1", ERP, "srv-01"), *vm_seen("vm-2", FILES, "srv-02")]
        observed += seen("host-1", BEGIN, kind="host", name="esx01", runtime__connectionState="connected")
    store.record_observations(vcenter, list(observed), [Stretch(kind=WATCHED, start=begin, end=begin + WATCH)], until)
    store.record_events(vcenter, events, (), Stretch(kind=COVERED, start=begin, end=until), until)
    database.close()
    return file
