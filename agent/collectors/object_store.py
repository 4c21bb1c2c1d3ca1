"""What is known of one vCenter's objects, built up from changes; frozen objects are remade only where something changed."""

from collections.abc import Iterable, Mapping
from typing import Any

from agent.model.cluster import ClusterComputeResource, ComputeResource
from agent.model.datastore import Datastore, StoragePod
from agent.model.folder import Datacenter, Folder
from agent.model.host import HostSystem
from agent.model.inventory import Skipped, Unreadable
from agent.model.network import DistributedVirtualPortgroup, DistributedVirtualSwitch, Network
from agent.model.property import Pace, fields_of
from agent.model.renewal import renewed
from agent.model.resource_pool import ResourcePool
from agent.model.virtual_machine import VirtualMachine
from agent.vcenter.changes import RECORDS, Change, Told

SLOTS: Mapping[str, type] = {
    "vms": VirtualMachine,
    "hosts": HostSystem,
    "clusters": ClusterComputeResource,
    "compute_resources": ComputeResource,
    "datastores": Datastore,
    "storage_pods": StoragePod,
    "resource_pools": ResourcePool,
    "networks": Network,
    "switches": DistributedVirtualSwitch,
    "portgroups": DistributedVirtualPortgroup,
    "folders": Folder,
    "datacenters": Datacenter,
}
"""Where in the Inventory each kind of object stands."""

_Key = tuple[type, str, str]
"""record, moid, path"""


class ObjectStore:
    """Owned by one thread."""

    def __init__(self) -> None:
        self._objects: dict[type, dict[str, Any]] = {record: {} for record in RECORDS}
        self._published: dict[str, dict[str, Any]] = {slot: {} for slot in SLOTS}
        self._changed: set[type] = set()
        self._unreadable: dict[_Key, Unreadable] = {}
        self._skipped: dict[_Key, Skipped] = {}
        self._gaps: tuple[tuple[Unreadable, ...], tuple[Skipped, ...]] | None = None
        self._told: dict[tuple[type, str], tuple[int, ...]] = {}

    def apply(self, change: Change) -> None:
        """Take a change in. Bulk reads never create an object: only the update stream says what exists."""
        record, moid = change.record, change.moid
        if change.left:
            self._forget(record, moid)
            return
        one = self._objects[record].get(moid)
        if one is None:
            if not change.entered:
                return
            self._renew(record(moid=moid), change.values)
        else:
            news = {name: value for name, value in change.values.items() if getattr(one, name) != value}
            if news:
                self._renew(one, news)
        if change.told is not None:
            self._told[record, moid] = change.told
        if change.unreadable or change.skipped or self._unreadable or self._skipped:
            for path in change.paths:
                self._note(self._unreadable, (record, moid, path), change.unreadable.get(path))
                self._note(self._skipped, (record, moid, path), change.skipped.get(path))

    def keep_only(self, seen: set[tuple[type, str]]) -> None:
        """After a full state: what was not in it has gone while we did not look."""
        for record, known in self._objects.items():
            for moid in [moid for moid in known if (record, moid) not in seen]:
                self._forget(record, moid)

    def forget_pace(self, pace: Pace) -> None:
        """Values of one pace are too old to show: unknown from now on."""
        for record, known in self._objects.items():
            names = [field.name for field in fields_of(record) if field.source.pace is pace]
            for one in list(known.values()):
                if any(getattr(one, name) is not None for name in names):
                    self._told.pop((record, one.moid), None)
                    self._renew(one, dict.fromkeys(names))

    def objects(self) -> dict[str, Any]:
        """Every object, frozen, by the Inventory's slot and moid.

        Unchanged ones are the very same as before, and so is the mapping of a kind of which none has changed.
        """
        for slot, record in SLOTS.items():
            if record in self._changed:
                self._published[slot] = dict(self._objects[record])
        self._changed.clear()
        return dict(self._published)

    @property
    def told(self) -> Told:
        """What the values of the objects are from, where a reading was given this: what came since is part of it."""
        return self._told

    def forget_told(self) -> None:
        """Values come in another way, or of other paths: what is read next is all news."""
        self._told.clear()

    @property
    def unreadable(self) -> tuple[Unreadable, ...]:
        """Properties that vCenter refuses to this account; the very same tuple while none comes or goes."""
        return self._told_gaps()[0]

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """Properties whose values cannot be understood; the very same tuple while none comes or goes."""
        return self._told_gaps()[1]

    def _told_gaps(self) -> tuple[tuple[Unreadable, ...], tuple[Skipped, ...]]:
        if self._gaps is None:
            self._gaps = tuple(self._unreadable.values()), tuple(self._skipped.values())
        return self._gaps

    def _renew(self, one: Any, values: Mapping[str, Any]) -> None:
        record = type(one)
        self._objects[record][one.moid] = renewed(one, values)
        self._changed.add(record)

    def _forget(self, record: type, moid: str) -> None:
        if self._objects[record].pop(moid, None) is not None:
            self._changed.add(record)
        self._told.pop((record, moid), None)
        for memory in (self._unreadable, self._skipped):
            _drop_object(memory, record, moid)
        self._gaps = None

    def _note(self, memory: dict[_Key, Any], key: _Key, value: Any) -> None:
        """Remember what is wrong with a property, or with None that all is well."""
        if memory.get(key) == value:
            return
        self._gaps = None
        if value is None:
            del memory[key]
        else:
            memory[key] = value


def _drop_object(memory: dict[_Key, Any], record: type, moid: str) -> None:
    keys: Iterable[_Key] = [key for key in memory if key[0] is record and key[1] == moid]
    for key in keys:
        del memory[key]
