"""The simulated estate: managed objects with typed properties, their change versions, and the events posted so far."""

import copy
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from pyVmomi import vim

from agent.simulator.recorded_parts import RecordedSamples
from agent.simulator.schema import (
    DataObject,
    ManagedObject,
    differences,
    exists,
    id_of,
    is_silent,
    property_info,
    related,
    resolve,
)
from agent.simulator.tagging import Tagging

# The paths whose past the performance simulation needs: what a counter read depends on what was true at that moment.
RECORDED = (
    "runtime.powerState",
    "runtime.connectionState",
    "runtime.bootTime",
    "guestHeartbeatStatus",
    "summary.freeSpace",
    "summary.uncommitted",
    "summary.storage.committed",
    "summary.storage.uncommitted",
)


class Entry:
    """One managed object: its top-level properties and, for every path that changed, the version it changed at."""

    __slots__ = (
        "changed",
        "generations",
        "history",
        "moid",
        "props",
        "recorded",
        "ref",
        "revision",
        "type",
        "verbatim",
        "xml",
    )

    def __init__(self, ref: Any, props: dict[str, Any]) -> None:
        self.ref = ref
        self.moid = id_of(ref)
        self.type = type(ref)
        self.props = props
        self.changed: dict[str, int] = {}
        self.revision = 0
        # Serialized values by path, each with the generation of its top-level property that it was made from.
        self.xml: dict[str, tuple[int, str]] = {}
        self.generations: dict[str, int] = {}
        # Values by path as another vCenter wrote them (a replay): they go before what would be made from `props`.
        self.verbatim: dict[str, str] = {}
        # Whether they are all that is known of it: what is not among them was not told, whatever `props` have.
        self.recorded = False
        self.history: dict[str, list[tuple[datetime, Any]]] = {}

    def root(self, name: str) -> Any:
        """The value of a top-level property, computed if it is a callable."""
        value = self.props.get(name)
        return value() if callable(value) and not isinstance(value, type) else value

    def read(self, path: str) -> Any:
        """The value at a dotted path, None where anything on the way is unset; AttributeError for a path not of the type."""
        names = resolve(self.type, path).names
        value = self.root(names[0])
        for name in names[1:]:
            if value is None:
                return None
            value = getattr(value, name, None)
        return value

    def touched_since(self, version: int, paths: tuple[str, ...]) -> list[str]:
        """Which of `paths` changed (themselves, a part or the whole of them) after `version`."""
        recent = [path for path, at in self.changed.items() if at > version]
        return [path for path in paths if any(related(path, changed) for changed in recent)]


class Estate:
    """Every managed object of a simulated vCenter. `now` is the machine's idea of time; `skew` is how far vCenter's is off.

    Each notified change raises `version` by one and wakes whoever waits on `lock`. `structure` is the version of the last
    change of the inventory's shape (an object, or a property that refers to objects).
    """

    def __init__(self, seed: int, now: Callable[[], datetime]) -> None:
        self.seed = seed
        self.lock = threading.Condition()
        self.version = 0
        self.structure = 0
        self.skew = timedelta()
        self.events: list[vim.event.Event] = []
        # For each event, the ids of the objects it is about and of all that contained them when it was posted.
        self.event_scopes: list[frozenset[str]] = []
        # What OptionManager.QueryOptions answers.
        self.options: dict[str, Any] = {
            "event.maxAge": 30,
            "event.maxAgeEnabled": True,
            "config.vpxd.stats.maxQueryMetrics": 256,
        }
        # What LicenseAssignmentManager.QueryAssignedLicenses answers.
        self.licence_assignments: list[vim.LicenseAssignmentManager.LicenseAssignment] = []
        # How far a host's clock is ahead of vCenter's, in seconds, by the host's id.
        self.clock_offsets: dict[str, float] = {}
        self.tagging = Tagging()
        # When a guest started again without its VM being switched off: what sys.osUptime falls at.
        self.guest_boots: dict[str, list[datetime]] = {}
        # Values for (moid, "group.name.rollup") in place of the generated ones: (instance, epoch seconds) -> value.
        self.performance: dict[tuple[str, str], Callable[[str, int], int | None]] = {}
        # Of a replay: samples in place of all generated ones, and events as they were written, by their keys.
        self.recorded_samples: RecordedSamples | None = None
        self.recorded_events: dict[int, str] = {}
        self._now = now
        self._entries: dict[str, Entry] = {}
        self._recent: dict[str, int] = {}

    def now(self) -> datetime:
        """The clock of the simulated vCenter, UTC."""
        return self._now() + self.skew

    def __contains__(self, moid: str) -> bool:
        return moid in self._entries

    def entry(self, moid: str) -> Entry:
        """The object with id `moid`; KeyError when there is none."""
        return self._entries[moid]

    @property
    def entries(self) -> Mapping[str, Entry]:
        """Every object by its id."""
        return self._entries

    def add(self, type_: Any, moid: str, **props: Any) -> Any:
        """Add an object. `props` are top-level properties: pyVmomi values, lists, or callables without arguments.

        Returns its reference; AttributeError for a property the type does not have.
        """
        for name in props:
            resolve(type_, name)
        entry = Entry(type_(moid), props)
        with self.lock:
            if moid in self._entries:
                raise ValueError(f"{moid} exists already")
            self._entries[moid] = entry
            for path in RECORDED:
                name = path.partition(".")[0]
                if name in props and not callable(props[name]) and exists(type_, path):
                    entry.history[path] = [(self.now(), entry.read(path))]
            self._bump(entry, props, shape=True)
        return entry.ref

    def remove(self, moid: str) -> None:
        """Take an object away. Lists that refer to it are the caller's to change; KeyError when there is none."""
        with self.lock:
            del self._entries[moid]
            self._recent.pop(moid, None)
            self.version += 1
            self.structure = self.version
            self.lock.notify_all()

    def get(self, moid: str, path: str) -> Any:
        """The value at a dotted path; KeyError for an unknown object, AttributeError for a path unknown to its type."""
        return self._entries[moid].read(path)

    def set(self, moid: str, path: str, value: Any) -> None:
        """Change the value at a dotted path; objects on the way are copied, not written into.

        Only paths whose value differs get a new version, and only those that vCenter notifies of wake filters.
        KeyError for an unknown object, AttributeError for an unknown path, TypeError for a value of the wrong type.
        """
        name, *rest = path.split(".")
        with self.lock:
            entry = self._entries[moid]
            resolve(entry.type, name)
            old = entry.props.get(name)
            if rest and callable(old):
                raise TypeError(f"{moid}: {name} is computed, a part of it cannot be set")
            new = replaced(old, property_info(entry.type, name), rest, value) if rest else value
            changed = list(differences(old, new, name))
            if not changed:
                return
            entry.props[name] = new
            entry.generations[name] = entry.generations.get(name, 0) + 1
            for recorded, states in entry.history.items():
                if any(related(recorded, one) for one in changed):
                    states.append((self.now(), entry.read(recorded)))
            loud = [one for one in changed if not is_silent(one)]
            if loud:
                self._bump(entry, loud, shape=resolve(entry.type, name).references or self._refers(new, loud))

    def touch(self, moid: str, path: str) -> None:
        """Say that the value at a path changed, though `props` do not show it; KeyError for an unknown object."""
        with self.lock:
            if not is_silent(path):
                self._bump(self._entries[moid], [path], shape=False)

    def type_of(self, moid: str) -> Any:
        """The managed object type of `moid`; KeyError when there is none."""
        return self._entries[moid].type

    def ids(self, *types: Any) -> list[str]:
        """The ids of all objects of these types, in the order they were added; of all objects without types."""
        wanted = types or (ManagedObject,)
        return [moid for moid, entry in list(self._entries.items()) if issubclass(entry.type, wanted)]

    def changed_since(self, version: int) -> Iterator[Entry]:
        """Objects with a notified change after `version`, latest first; hold `lock` while iterating."""
        for moid in reversed(self._recent):
            if self._recent[moid] <= version:
                return
            yield self._entries[moid]

    def event(self, event: vim.event.Event) -> vim.event.Event:
        """Post an event: `key`, `chainId` and `createdTime` are filled in when unset, then waiters are woken."""
        with self.lock:
            event.key = event.key or len(self.events) + 1
            event.chainId = event.chainId or event.key
            event.createdTime = event.createdTime or self.now()
            event.userName = event.userName or ""
            self.events.append(event)
            self.event_scopes.append(self._scope(event))
            self.lock.notify_all()
        return event

    def ancestors(self, moid: str) -> list[str]:
        """The ids of what contains `moid` by its `parent` (a vApp's VM by `parentVApp`), nearest first."""
        found: list[str] = []
        entry = self._entries.get(moid)
        while entry is not None:
            above = entry.props.get("parent") or entry.props.get("parentVApp")
            if not isinstance(above, ManagedObject) or id_of(above) in found:
                return found
            found.append(id_of(above))
            entry = self._entries.get(id_of(above))
        return found

    def _scope(self, event: vim.event.Event) -> frozenset[str]:
        about: set[str] = set()
        for value in list(vars(event).values()):
            if isinstance(value, vim.event.EntityEventArgument):
                about.update(id_of(ref) for ref in vars(value).values() if isinstance(ref, ManagedObject))
        if isinstance(event, vim.event.EventEx) and event.objectId:
            about.add(event.objectId)
        return frozenset(about).union(*(self.ancestors(moid) for moid in about))

    def _bump(self, entry: Entry, paths: Any, *, shape: bool) -> None:
        self.version += 1
        entry.changed.update(dict.fromkeys(paths, self.version))
        entry.revision = self.version
        self._recent.pop(entry.moid, None)
        self._recent[entry.moid] = self.version
        if shape:
            self.structure = self.version
        self.lock.notify_all()

    @staticmethod
    def _refers(root: Any, paths: list[str]) -> bool:
        """Whether one of the changed paths below `root` now holds references, e.g. runtime.host."""
        for path in paths:
            value = root
            for name in path.split(".")[1:]:
                value = getattr(value, name, None)
            if isinstance(value, ManagedObject) or (
                isinstance(value, list) and value and isinstance(value[0], ManagedObject)
            ):
                return True
        return False


def replaced(old: Any, info: Any, names: list[str], value: Any) -> Any:
    """A copy of data object `old` (made anew from `info.type` when unset) in which the path `names` holds `value`."""
    if not names:
        return value
    if old is not None and not isinstance(old, DataObject):
        raise AttributeError(".".join(names))
    new = info.type() if old is None else copy.copy(old)
    name, *rest = names
    inner = property_info(new, name)
    setattr(new, name, replaced(getattr(new, name), inner, rest, value))
    return new
