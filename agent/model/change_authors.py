"""Which of vCenter's events tell of a change of the inventory, and so who made it. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from agent.model.event import Event
from agent.model.inventory_changes import Difference, InventoryChange

_TOLD_BY: Mapping[tuple[str, Difference], str] = {
    ("VM", Difference.ADDED): "VmCreatedEvent VmClonedEvent VmDeployedEvent VmRegisteredEvent VmDiscoveredEvent",
    ("VM", Difference.REMOVED): "VmRemovedEvent",
    ("VM", Difference.RENAMED): "VmRenamedEvent VmAutoRenameEvent",
    ("VM", Difference.RESIZED): "VmReconfiguredEvent",
    ("VM", Difference.CHANGED): "VmReconfiguredEvent VmUpgradeCompleteEvent",
    ("host", Difference.ADDED): "HostAddedEvent",
    ("host", Difference.REMOVED): "HostRemovedEvent",
    ("host", Difference.MOVED): "HostAddedEvent HostRemovedEvent",
    ("cluster", Difference.CHANGED): "ClusterReconfiguredEvent DasEnabledEvent DasDisabledEvent DrsEnabledEvent DrsDisabledEvent",
    ("datastore", Difference.ADDED): "VMFSDatastoreCreatedEvent NASDatastoreCreatedEvent DatastoreDiscoveredEvent",
    ("datastore", Difference.REMOVED): "DatastoreDestroyedEvent DatastoreRemovedOnHostEvent",
    ("datastore", Difference.RENAMED): "DatastoreRenamedEvent",
    ("datastore", Difference.RESIZED): "VMFSDatastoreExpandedEvent VMFSDatastoreExtendedEvent",
}  # fmt: skip
_MIGRATED = (
    "VmMigratedEvent DrsVmMigratedEvent VmRelocatedEvent VmRestartedOnAlternateHostEvent "
    "com.vmware.vc.ha.VmRestartedByHAEvent"
)
_VM_MOVED = {
    "host": _MIGRATED,
    "cluster": _MIGRATED,
    "datastores": "VmRelocatedEvent VmMigratedEvent DrsVmMigratedEvent VmReconfiguredEvent",
    "resource pool": "VmResourcePoolMovedEvent",
}
"""No event names the VM that was moved to another folder."""
_SIZE_FIELDS = {"vCPUs": "configSpec.numCPUs", "memory": "configSpec.memoryMB"}


def telling_kinds() -> frozenset[str]:
    """Every type id that may tell of a change."""
    return frozenset(kind for kinds in (*_TOLD_BY.values(), *_VM_MOVED.values()) for kind in kinds.split())


def events_of(change: InventoryChange, events: Iterable[Event]) -> tuple[Event, ...]:
    """The events of the time between that tell of it, in their order; none if none does."""
    kinds = _kinds(change).split()
    found = [event for event in events if event.kind in kinds and _is_about(event, change)]
    return _closest(change, found)


def authors(events: Sequence[Event]) -> tuple[str, ...]:
    """Who is named by them, each once, the last first."""
    return tuple(dict.fromkeys(event.user for event in reversed(events) if event.user))


def _kinds(change: InventoryChange) -> str:
    if change.kind == "VM" and change.difference is Difference.MOVED:
        return _VM_MOVED.get(change.what, "")
    return _TOLD_BY.get((change.kind, change.difference), "")


def _is_about(event: Event, change: InventoryChange) -> bool:
    mine = {"VM": event.vm, "host": event.host, "cluster": event.cluster, "datastore": event.datastore}
    return mine.get(change.kind) in change.moids


def _closest(change: InventoryChange, events: list[Event]) -> tuple[Event, ...]:
    """Of reconfigurations those that say that this is what they changed, if one does."""
    field = _SIZE_FIELDS.get(change.what)
    saying = [event for event in events if field is not None and field in event.fields]
    return tuple(saying or events)
