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
from agent.model.resource_pool import ResourcePool
from agent.model.virtual_machine import VirtualMachine
from agent.vcenter.changes import RECORDS, Change

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
        self._values: dict[type, dict[str, dict[str, Any]]] = {record: {} for record in RECORDS}
        self._objects: dict[type, dict[str, Any]] = {record: {} for record in RECORDS}
        self._dirty: set[tuple[type, str]] = set()
        self._unreadable: dict[_Key, Unreadable] = {}
        self._skipped: dict[_Key, Skipped] = {}

    def apply(self, change: Change) -> None:
        """Take a change in. Bulk reads never create an object: only the update stream says what exists."""
        known = self._values[change.record]
        if change.left:
            self._forget(change.record, change.moid)
            return
        if change.moid not in known:
            if not change.entered:
                return
            known[change.moid] = {}
        values = known[change.moid]
        if any(values.get(name, _UNSET) != value for name, value in change.values.items()):
            values.update(change.values)
            self._dirty.add((change.record, change.moid))
        elif change.moid not in self._objects[change.record]:
            self._dirty.add((change.record, change.moid))
        for path in change.paths:
            key = (change.record, change.moid, path)
            _set_or_drop(self._unreadable, key, change.unreadable.get(path))
            _set_or_drop(self._skipped, key, change.skipped.get(path))

    def keep_only(self, seen: set[tuple[type, str]]) -> None:
        """After a full state: what was not in it has gone while we did not look."""
        for record, known in self._values.items():
            for moid in [moid for moid in known if (record, moid) not in seen]:
                self._forget(record, moid)

    def forget_pace(self, pace: Pace) -> None:
        """Values of one pace are too old to show: unknown from now on."""
        for record, known in self._values.items():
            names = [field.name for field in fields_of(record) if field.source.pace is pace]
            for moid, values in known.items():
                if any(values.get(name) is not None for name in names):
                    values.update(dict.fromkeys(names))
                    self._dirty.add((record, moid))

    def objects(self) -> dict[str, Any]:
        """Every object, frozen, by the Inventory's slot and moid; unchanged ones are the very same as before."""
        for record, moid in self._dirty:
            values = self._values[record].get(moid)
            if values is not None:
                self._objects[record][moid] = record(moid=moid, **values)
        self._dirty.clear()
        return {slot: dict(self._objects[record]) for slot, record in SLOTS.items()}

    @property
    def unreadable(self) -> tuple[Unreadable, ...]:
        """Properties that vCenter refuses to this account."""
        return tuple(self._unreadable.values())

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """Properties whose values cannot be understood."""
        return tuple(self._skipped.values())

    def _forget(self, record: type, moid: str) -> None:
        self._values[record].pop(moid, None)
        self._objects[record].pop(moid, None)
        for memory in (self._unreadable, self._skipped):
            _drop_object(memory, record, moid)


_UNSET = object()


def _set_or_drop(memory: dict[_Key, Any], key: _Key, value: Any) -> None:
    if value is None:
        memory.pop(key, None)
    else:
        memory[key] = value


def _drop_object(memory: dict[_Key, Any], record: type, moid: str) -> None:
    keys: Iterable[_Key] = [key for key in memory if key[0] is record and key[1] == moid]
    for key in keys:
        del memory[key]
