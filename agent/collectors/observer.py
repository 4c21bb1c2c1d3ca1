"""Writes down what the inventory collector sees change, and when it was able to see.

Only differences from what the ledger holds are written. A span in which changes were seen is written together with
them, in one transaction: if it says that nothing changed, nothing did.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from operator import attrgetter
from pathlib import Path
from typing import Any

from agent.clock import Clock
from agent.collectors.ledger_status import LedgerReporter
from agent.collectors.slot import WorldSlot
from agent.dataclass import dataclass
from agent.errors import AgentError, Unreachable
from agent.ledger.database import Database, LedgerUnavailable
from agent.ledger.last_seen import last_seen
from agent.ledger.store import AWAY, CLOCK_JUMP, RUNNING, WATCHED, LedgerStore, Observed, Stretch
from agent.model.datastore import Datastore
from agent.model.evidence import GONE, PRESENT, SEEN, Observation
from agent.model.host import HostSystem
from agent.model.identity import vm_ids
from agent.model.inventory import Inventory
from agent.model.property import Pace, fields_of
from agent.model.virtual_machine import VirtualMachine

_WRITE_EVERY_S = 10.0
_LONGEST_SILENCE_S = 120.0
"""When vCenter had not answered for so long, it may have told two changes as one."""
_STEP_S = 5.0
"""vCenter's clock went this much slower or faster than ours: it was set."""
_MOST_PENDING = 200_000
_WATCHED_FIELDS: Mapping[str, tuple[type, tuple[str, ...]]] = {
    "vm": (
        VirtualMachine,
        (
            *("name", "template", "power_state", "boot_time", "suspend_time", "connection_state", "host"),
            *("clean_power_off", "heartbeat", "tools_running_status", "guest_state", "guest_kernel_crashed"),
        ),
    ),
    "host": (HostSystem, ("name", "connection_state", "power_state", "in_maintenance_mode", "boot_time")),
    "datastore": (Datastore, ("name", "accessible")),
}
_CLEARED = frozenset({"boot_time", "suspend_time", "clean_power_off"})
"""Fields that vCenter unsets to say that there is none; elsewhere unset means that it did not say."""
IDENTITY = "@vm_id"
"""The path of an observation of a VM's `vm_id`, as agent.model.identity finds it among all VMs of the moment."""
_Value = str | datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    name: str
    path: str
    pushed: bool


_FIELDS: Mapping[str, tuple[_Field, ...]] = {
    kind: tuple(
        _Field(name=one.name, path=one.source.path, pushed=one.source.pace is Pace.PUSHED)
        for one in fields_of(record)
        if one.name in names
    )
    for kind, (record, names) in _WATCHED_FIELDS.items()
}
_WATCHED: Mapping[str, Callable[[Any], tuple[Any, ...]]] = {
    kind: attrgetter(*(one.name for one in fields)) for kind, fields in _FIELDS.items()
}
_POLLED = frozenset(kind for kind, fields in _FIELDS.items() if not all(one.pushed for one in fields))


class InventoryObserver:
    """Of one target, used by the thread of its inventory collector alone. Nothing that happens to it stops that."""

    def __init__(self, name: str, database_file: Path, slot: WorldSlot, clock: Clock) -> None:
        self._name, self._file, self._clock = name, database_file, clock
        self._report = LedgerReporter(slot, name, "observations", clock)
        self._database: Database | None = None
        self._vcenter: int | None = None
        self._uuid: str | None = None
        self._known: dict[tuple[str, str], dict[str, _Value]] | None = None
        self._last: dict[str, Mapping[str, Any]] = {}
        self._ids: Mapping[str, str] = {}
        self._uuids: Mapping[str, str | None] = {}
        self._gaps: tuple[Any, ...] = ((), ())
        self._unsaid: set[tuple[str, str]] = set()
        self._pending: list[Observed] = []
        self._spans: list[Stretch] = []
        self._base: tuple[datetime, float, datetime] | None = None
        """vCenter's clock, ours that never steps, and ours on the wall, when they were compared last"""
        self._running_since: datetime | None = None
        self._watching_since: datetime | None = None
        self._answered_at: datetime | None = None
        self._away_since: datetime | None = None
        self._written = -_WRITE_EVERY_S

    def clock_read(self, offset_s: float) -> None:
        """VCenter's clock was just found to be so much ahead of ours."""
        wall, passed = self._clock.now(), self._clock.monotonic()
        theirs = wall + timedelta(seconds=offset_s)
        if self._base is not None:
            before, passed_before, wall_before = self._base
            by_both = [before + timedelta(seconds=passed - passed_before), before + (wall - wall_before)]
            # a machine that slept shows in one of our clocks: then it was not vCenter's that stepped
            expected = min(by_both, key=lambda one: abs(theirs - one))
            if abs((theirs - expected).total_seconds()) > _STEP_S:
                self._spans.append(Stretch(kind=CLOCK_JUMP, start=min(theirs, expected), end=max(theirs, expected)))
                self._watching_since = None
        self._base = (theirs, passed, wall)

    def saw(self, inventory: Inventory, *, polled: bool) -> None:
        """VCenter answered just now, and this is what there is; `polled` if what it does not push was read too."""
        at, now = self._vcenter_time(), self._clock.now()
        if at is None or not self._ready(inventory):
            return
        if self._answered_at is not None and (at - self._answered_at).total_seconds() > _LONGEST_SILENCE_S:
            self._watching_since = None
        if self._away_since is not None:
            self._spans.append(Stretch(kind=AWAY, start=self._away_since, end=at))
        self._away_since, self._answered_at = None, at
        self._watching_since = self._watching_since or at
        self._running_since = self._running_since or at
        self._pending += (
            Observed(kind, moid, Observation(path=path, value=value, at=at, learned_at=now, pushed=pushed))
            for kind, moid, path, value, pushed in self._differences(inventory, polled=polled)
        )
        due = self._clock.monotonic() - self._written >= _WRITE_EVERY_S
        if due or self._pending or self._spans:
            self._write(at, Stretch(kind=WATCHED, start=self._watching_since, end=at))

    def ended(self) -> None:
        """The session is gone: what changes from now on is not seen."""
        if self._watching_since is not None and self._answered_at is not None:
            self._write(self._answered_at, Stretch(kind=WATCHED, start=self._watching_since, end=self._answered_at))
        self._watching_since = None
        self._last.clear()

    def unanswered(self, error: AgentError) -> None:
        """VCenter did not give a session, or lost it."""
        at = self._vcenter_time()
        if not isinstance(error, Unreachable) or at is None or self._answered_at is None:
            return
        self._away_since = self._away_since or min(at, self._answered_at)
        if self._clock.monotonic() - self._written >= _WRITE_EVERY_S and self._vcenter is not None:
            self._write(at, Stretch(kind=AWAY, start=self._away_since, end=at))

    def close(self) -> None:
        """Let the database go."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _vcenter_time(self) -> datetime | None:
        """None while it is not known: before the clocks were compared, and after this machine slept or set its own."""
        if self._base is None:
            return None
        theirs, passed, wall = self._base
        since = self._clock.monotonic() - passed
        if abs((self._clock.now() - wall).total_seconds() - since) > _STEP_S:
            self._watching_since = None  # what changes now is seen once the clocks are compared again
            return None
        return theirs + timedelta(seconds=since)

    def _ready(self, inventory: Inventory) -> bool:
        """Whether it is known which vCenter this is and what the ledger holds of it."""
        uuid = inventory.about.lasting_id(self._name)
        if self._known is not None and uuid == self._uuid:
            return True
        try:
            store = self._store()
            self._vcenter = store.vcenter(uuid, self._name, self._clock.now())
            if self._database is None:
                return False
            with self._database.reading() as connection:
                self._known = last_seen(connection, self._vcenter)
        except LedgerUnavailable as error:
            self._report.unavailable(error)
            return False
        self._uuid = uuid
        self._last.clear()
        return True

    def _store(self) -> LedgerStore:
        if self._database is None:
            self._database = Database(self._file)
        return LedgerStore(self._database)

    def _write(self, at: datetime, span: Stretch) -> None:
        if self._vcenter is None:
            return
        running = [Stretch(kind=RUNNING, start=self._running_since, end=at)] if self._running_since else []
        try:
            self._store().record_observations(
                self._vcenter, self._pending, [*self._spans, *running, span], self._clock.now()
            )
        except LedgerUnavailable as error:
            self._report.unavailable(error)
            if len(self._pending) > _MOST_PENDING:  # begin anew: what changed meanwhile was not watched
                self._pending, self._known, self._watching_since = [], None, None
            return
        self._pending, self._spans, self._written = [], [], self._clock.monotonic()
        self._report.written()

    def _differences(self, inventory: Inventory, *, polled: bool) -> Iterator[tuple[str, str, str, _Value, bool]]:
        """Kind, moid, path, value, and whether it was pushed, of all that is not as the ledger has it."""
        gaps = (inventory.unreadable, inventory.skipped)
        same_gaps = gaps == self._gaps
        if not same_gaps:
            self._gaps = gaps
            self._unsaid = {(one.moid, one.path) for found in gaps for one in found}
        kinds: dict[str, Mapping[str, Any]] = {
            "vm": inventory.vms,
            "host": inventory.hosts,
            "datastore": inventory.datastores,
        }
        ids = self._identities(inventory)
        known = self._known if self._known is not None else {}
        for kind, objects in kinds.items():
            before = self._last.get(kind)
            again = not same_gaps or (polled and kind in _POLLED)
            if objects is before and not again:
                continue
            if before is None or objects.keys() != before.keys():
                for moid in [of for (seen, of), held in known.items() if seen == kind and of not in objects and held]:
                    known[kind, moid] = {}
                    yield kind, moid, PRESENT, GONE, True
            watched = _WATCHED[kind]
            for moid, one in objects.items():
                identity = ids.get(moid) if kind == "vm" else None
                was = before.get(moid) if before is not None else None
                # nearly all that changes are figures, which are nobody's evidence
                same = one is was or (was is not None and watched(one) == watched(was))
                if same and not again and (identity is None or identity == self._ids.get(moid)):
                    continue
                values = known.setdefault((kind, moid), {})
                for path, value, pushed in _values(kind, one, identity, self._unsaid, polled=polled):
                    if values.get(path, values) != value:
                        values[path] = value
                        yield kind, moid, path, value, pushed
            self._last[kind] = objects
        self._ids = ids

    def _identities(self, inventory: Inventory) -> Mapping[str, str]:
        if inventory.vms is self._last.get("vm"):
            return self._ids
        uuids = {moid: vm.instance_uuid for moid, vm in inventory.vms.items()}
        if uuids != self._uuids:
            self._uuids = uuids
            return vm_ids(inventory.vms)
        return self._ids


def _values(
    kind: str, one: Any, identity: str | None, unsaid: set[tuple[str, str]], *, polled: bool
) -> Iterator[tuple[str, _Value, bool]]:
    """Path, value and whether it is pushed, of all that vCenter says of one object."""
    yield PRESENT, SEEN, True
    if identity is not None:
        yield IDENTITY, identity, True
    for field in _FIELDS[kind]:
        value = getattr(one, field.name)
        told = value is not None or field.name in _CLEARED
        if told and (one.moid, field.path) not in unsaid and (field.pushed or polled):
            yield field.path, _text(value), field.pushed


def _text(value: Any) -> _Value:
    """As on the wire, times as they are."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if value is None or isinstance(value, datetime) else str(value)


def observed_values(inventory: Inventory) -> Iterator[tuple[str, str, str, _Value, bool]]:
    """Kind, moid, path, value, and whether it is pushed, of all that an observer writes of an inventory it never saw."""
    ids = vm_ids(inventory.vms)
    kinds: dict[str, Mapping[str, Any]] = {
        "vm": inventory.vms,
        "host": inventory.hosts,
        "datastore": inventory.datastores,
    }
    for kind, objects in kinds.items():
        for moid, one in objects.items():
            for path, value, pushed in _values(kind, one, ids.get(moid) if kind == "vm" else None, set(), polled=True):
                yield kind, moid, path, value, pushed
