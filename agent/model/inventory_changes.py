"""What is different between two looks at one vCenter: added, removed, renamed, resized, moved, changed. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from agent.dataclass import dataclass
from agent.model.identity import vm_ids
from agent.model.inventory import Inventory
from agent.model.placement import Placement, place_vms
from agent.model.virtual_machine import VirtualMachine

MIB = 1024**2


class Difference(StrEnum):
    """What became of an object."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    RESIZED = "resized"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryChange:
    """One difference. `before` and `after` are None for what was added and removed; sizes are in `unit`."""

    difference: Difference
    kind: str
    """VM, host, cluster, datastore, …"""
    object_id: str
    """`vm_id` of a VM, moid of all else"""
    moids: frozenset[str]
    """what vCenter called it, before and after"""
    name: str
    """as it is called after; of what was removed, before"""
    what: str = ""
    """e.g. memory, host, folder"""
    unit: str = ""
    before: str | int | None = None
    after: str | int | None = None


class _Looked(NamedTuple):
    """One of the two looks."""

    inventory: Inventory
    placements: Mapping[str, Placement]


class _Trait(NamedTuple):
    """What is compared: `value` of an object, None where it is not known."""

    difference: Difference
    what: str
    value: Callable[[_Looked, Any], str | int | None]
    unit: str = ""


def inventory_changes(before: Inventory, after: Inventory) -> tuple[InventoryChange, ...]:
    """Every difference, by kind and name. What is not known on either side is not different."""
    looks = _Looked(before, place_vms(before)), _Looked(after, place_vms(after))
    return tuple(change for kind in _KINDS for change in _compare(kind, *looks))


def _name(_: _Looked, item: Any) -> str | None:
    name: str | None = item.name
    return name


def _field(name: str) -> Callable[[_Looked, Any], str | int | None]:
    def value(_: _Looked, item: Any) -> str | int | None:
        found: str | int | None = getattr(item, name)
        return found

    return value


def _named(name: str) -> Callable[[_Looked, Any], str | int | None]:
    """The name of what a field refers to."""
    return lambda look, item: look.inventory.named(getattr(item, name))


def _placed(name: str) -> Callable[[_Looked, Any], str | int | None]:
    def value(look: _Looked, vm: VirtualMachine) -> str | int | None:
        found: str | None = getattr(look.placements[vm.moid], name)
        return found

    return value


def _folder(look: _Looked, vm: VirtualMachine) -> str | None:
    return look.placements[vm.moid].folder if vm.parent in look.inventory.folders else None


def _pool(look: _Looked, vm: VirtualMachine) -> str | None:
    return look.placements[vm.moid].resource_pool if vm.resource_pool in look.inventory.resource_pools else None


def _mib(name: str) -> Callable[[_Looked, Any], str | int | None]:
    def value(_: _Looked, item: Any) -> int | None:
        count: int | None = getattr(item, name)
        return None if count is None else count // MIB

    return value


def _tags(_: _Looked, vm: VirtualMachine) -> str | None:
    return None if vm.tag_pairs is None else ", ".join(map(str, vm.tag_pairs))


def _stores(look: _Looked, vm: VirtualMachine) -> str | None:
    if vm.datastores is None:
        return None
    return ", ".join(sorted(look.inventory.named(moid) or moid for moid in vm.datastores))


_RENAMED = _Trait(Difference.RENAMED, "name", _name)
_UNDER = _Trait(Difference.MOVED, "parent", _named("parent"))


class _Kind(NamedTuple):
    word: str
    part: str
    """of the inventory"""
    traits: tuple[_Trait, ...]


_KINDS = (
    _Kind(
        "VM",
        "vms",
        (
            _RENAMED,
            _Trait(Difference.RESIZED, "vCPUs", _field("cpus")),
            _Trait(Difference.RESIZED, "memory", _field("memory_mib"), "MiB"),
            _Trait(Difference.MOVED, "host", _placed("host_name")),
            _Trait(Difference.MOVED, "cluster", _placed("cluster_name")),
            _Trait(Difference.MOVED, "datastores", _stores),
            _Trait(Difference.MOVED, "folder", _folder),
            _Trait(Difference.MOVED, "resource pool", _pool),
            _Trait(Difference.CHANGED, "template", _field("template")),
            _Trait(Difference.CHANGED, "tags", _tags),
            _Trait(Difference.CHANGED, "hardware version", _field("hardware_version")),
        ),
    ),
    _Kind(
        "host",
        "hosts",
        (
            _RENAMED,
            _Trait(Difference.RESIZED, "cores", _field("cpu_cores")),
            _Trait(Difference.RESIZED, "memory", _mib("memory_bytes"), "MiB"),
            _UNDER,
            _Trait(Difference.CHANGED, "version", _field("version")),
            _Trait(Difference.CHANGED, "build", _field("build")),
        ),
    ),
    _Kind(
        "cluster",
        "clusters",
        (
            _RENAMED,
            _UNDER,
            _Trait(Difference.CHANGED, "HA enabled", _field("ha_enabled")),
            _Trait(Difference.CHANGED, "DRS enabled", _field("drs_enabled")),
        ),
    ),
    _Kind(
        "datastore",
        "datastores",
        (_RENAMED, _Trait(Difference.RESIZED, "capacity", _mib("capacity_bytes"), "MiB"), _UNDER),
    ),
    _Kind("datastore cluster", "storage_pods", (_RENAMED, _UNDER)),
    _Kind("resource pool", "resource_pools", (_RENAMED, _UNDER)),
    _Kind("network", "networks", (_RENAMED,)),
    _Kind("distributed switch", "switches", (_RENAMED,)),
    _Kind("distributed portgroup", "portgroups", (_RENAMED,)),
    _Kind("folder", "folders", (_RENAMED, _UNDER)),
    _Kind("datacenter", "datacenters", (_RENAMED, _UNDER)),
)


def _compare(kind: _Kind, before: _Looked, after: _Looked) -> list[InventoryChange]:
    old, new = _by_id(kind, before.inventory), _by_id(kind, after.inventory)
    found: list[InventoryChange] = []
    for object_id in old.keys() | new.keys():
        was, is_now = old.get(object_id), new.get(object_id)
        present: Any = was if is_now is None else is_now
        about: dict[str, Any] = {
            "kind": kind.word,
            "object_id": object_id,
            "moids": frozenset(one.moid for one in (was, is_now) if one is not None),
            "name": present.name or object_id,
        }
        if was is None or is_now is None:
            difference = Difference.ADDED if was is None else Difference.REMOVED
            found.append(InventoryChange(difference=difference, **about))
            continue
        for trait in kind.traits:
            left, right = trait.value(before, was), trait.value(after, is_now)
            if left is not None and right is not None and left != right:
                found.append(
                    InventoryChange(
                        difference=trait.difference, what=trait.what, unit=trait.unit, before=left, after=right, **about
                    )
                )
        if kind.part == "vms":
            found += (InventoryChange(**about, **difference) for difference in _disks(was, is_now))
    return sorted(found, key=lambda change: (change.name.casefold(), change.object_id))


def _disks(was: VirtualMachine, is_now: VirtualMachine) -> Iterator[dict[str, Any]]:
    """Disks that came, went, or have another size; MiB. 0 where there was, or is, none."""
    if was.disks is None or is_now.disks is None:
        return
    old, new = ({disk.key: disk for disk in vm.disks or ()} for vm in (was, is_now))
    for key in sorted(old.keys() | new.keys(), key=str):
        left, right = (_capacity(disks.get(key)) for disks in (old, new))
        disk = new.get(key) or old[key]
        if left is not None and right is not None and left != right:
            what = f"disk {disk.label or key}"
            yield {"difference": Difference.RESIZED, "what": what, "unit": "MiB", "before": left, "after": right}


def _capacity(disk: Any) -> int | None:
    if disk is None:
        return 0
    return None if disk.capacity_bytes is None else disk.capacity_bytes // MIB


def _by_id(kind: _Kind, inventory: Inventory) -> dict[str, Any]:
    items: Iterable[Any] = getattr(inventory, kind.part).values()
    if kind.part != "vms":
        return {item.moid: item for item in items}
    ids = vm_ids(inventory.vms)
    return {ids[vm.moid]: vm for vm in items}
