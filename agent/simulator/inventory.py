"""The inventory tree: what a container holds, as container views and recursive permissions see it."""

from collections.abc import Iterable
from typing import Any

from pyVmomi import vim

from agent.simulator.objects import Entry, Estate
from agent.simulator.schema import id_of

# The properties by which each type of container holds its children (API reference of ContainerView).
_CHILDREN: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (vim.Folder, ("childEntity",)),
    (vim.Datacenter, ("vmFolder", "hostFolder", "datastoreFolder", "networkFolder")),
    (vim.ComputeResource, ("host", "resourcePool")),
    (vim.ResourcePool, ("resourcePool", "vm")),
    (vim.HostSystem, ("vm",)),
)


def children(estate: Estate, entry: Entry) -> list[Entry]:
    """What a container holds directly, in order; empty for other objects."""
    found: list[Entry] = []
    for type_, names in _CHILDREN:
        if issubclass(entry.type, type_):
            for name in names:
                value = entry.root(name)
                refs = value if isinstance(value, list) else [value]
                found += [estate.entry(id_of(ref)) for ref in refs if ref is not None and id_of(ref) in estate]
    return found


def descendants(estate: Estate, moid: str) -> list[Entry]:
    """Everything below a container, each object once, without the container."""
    seen = {moid}
    found: list[Entry] = []
    waiting = [estate.entry(moid)] if moid in estate else []
    while waiting:
        for child in children(estate, waiting.pop(0)):
            if child.moid not in seen:
                seen.add(child.moid)
                found.append(child)
                waiting.append(child)
    return found


def of_types(entries: Iterable[Entry], types: Iterable[Any]) -> list[Entry]:
    """Those entries that are of one of these types; all of them when there are no types."""
    wanted = tuple(types)
    return [entry for entry in entries if issubclass(entry.type, wanted)] if wanted else list(entries)
