"""Which objects of an inventory have performance samples, by which stable id, and since when they run."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from agent.collectors.performance_kind import MeasuredObject
from agent.model.identity import vm_ids
from agent.model.inventory import Inventory

Found = tuple[list[MeasuredObject], frozenset[str]]
"""Those that run now, and the ids of all that exist."""


def measured_objects(inventory: Inventory, kind: str) -> Found:
    """The objects of one kind. Raises KeyError for a kind that has no samples."""
    return _KINDS[kind](inventory)


def _vms(inventory: Inventory) -> Found:
    ids = vm_ids(inventory.vms)
    running = [
        MeasuredObject(entity=ids[moid], moid=moid, on_since_s=_seconds(vm.boot_time))
        for moid, vm in inventory.vms.items()
        if vm.power_state == "poweredOn" and vm.connection_state in ("connected", None)
    ]
    return running, frozenset(ids.values())


def _hosts(inventory: Inventory) -> Found:
    running = [
        MeasuredObject(entity=moid, moid=moid, on_since_s=_seconds(host.boot_time))
        for moid, host in inventory.hosts.items()
        if host.connection_state == "connected" and host.power_state in ("poweredOn", None)
    ]
    return running, frozenset(inventory.hosts)


def _always(moids: Iterable[str]) -> Found:
    """Objects that run as long as vCenter does."""
    found = [MeasuredObject(entity=moid, moid=moid, on_since_s=0) for moid in moids]
    return found, frozenset(item.entity for item in found)


def _datastores(inventory: Inventory) -> Found:
    running, _ = _always(moid for moid, datastore in inventory.datastores.items() if datastore.accessible is not False)
    return running, frozenset(inventory.datastores)


def _seconds(instant: datetime | None) -> int | None:
    return None if instant is None else int(instant.timestamp())


_KINDS: Mapping[str, Callable[[Inventory], Found]] = {
    "vm": _vms,
    "host": _hosts,
    "resource_pool": lambda inventory: _always(inventory.resource_pools),
    "cluster": lambda inventory: _always(inventory.clusters),
    "datastore": _datastores,
}
