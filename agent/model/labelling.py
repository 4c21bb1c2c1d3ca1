"""Tags and custom attributes: free text that people hang on objects. Shown by allow-list only, for it may hold secrets."""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace

from agent.dataclass import dataclass
from agent.model.inventory import Inventory
from agent.model.tag_pair import TagPair
from agent.model.virtual_machine import CustomValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelling:
    """What may be shown, and the tags that were read. Nothing of either unless it was asked for by name."""

    attributes: frozenset[str] = frozenset()
    """names of custom attributes"""
    categories: frozenset[str] = frozenset()
    """names of tag categories"""
    tags: Mapping[str, tuple[TagPair, ...]] | None = None
    """by moid, of those categories; None until they were read"""
    missing: tuple[str, ...] = ()
    """categories that are not there or may not be read: vCenter does not tell which"""
    unreadable: int = 0
    """tags of the others that may not be read"""

    def attributes_of(
        self, values: Iterable[CustomValue] | None, fields: Mapping[int, str] | None
    ) -> Mapping[str, str]:
        """The attributes of one object that may be shown and have a value, by name."""
        named = ((None if one.key is None else (fields or {}).get(one.key), one.value) for one in values or ())
        return {name: value for name, value in named if name in self.attributes and value}

    def tags_of(self, moid: str) -> tuple[TagPair, ...]:
        """The tags of one object that may be shown."""
        return (self.tags or {}).get(moid, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What hangs on one object and may be shown."""

    attributes: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[TagPair, ...] = ()

    def columns(self) -> Mapping[str, str]:
        """Attributes by name, and tags by `Category (tag)`, several of one category in one text."""
        by_category: dict[str, list[str]] = {}
        for pair in self.tags:
            by_category.setdefault(f"{pair.category} (tag)", []).append(pair.tag)
        return {**self.attributes, **{name: ", ".join(sorted(tags)) for name, tags in by_category.items()}}


def with_tags(inventory: Inventory, tags: Mapping[str, tuple[TagPair, ...]] | None) -> Inventory:
    """The inventory with the tags of each VM in its record, as the ledger keeps them; unread tags stay unknown."""
    if tags is None:
        return inventory
    return replace(
        inventory, vms={moid: replace(vm, tag_pairs=tags.get(moid, ())) for moid, vm in inventory.vms.items()}
    )


def kept_tags(inventory: Inventory) -> Mapping[str, tuple[TagPair, ...]] | None:
    """What `with_tags` put in; None where it was never put into one."""
    found = {moid: vm.tag_pairs for moid, vm in inventory.vms.items() if vm.tag_pairs is not None}
    return found or None
