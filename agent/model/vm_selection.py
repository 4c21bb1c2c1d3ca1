"""Which VMs are meant: by name, folder, tag, custom attribute, power state and kind of guest. Pure."""

from collections.abc import Mapping
from dataclasses import field
from fnmatch import fnmatchcase

from agent.dataclass import dataclass
from agent.model.guest_address import guest_family
from agent.model.inventory import Inventory
from agent.model.labelling import Labelling
from agent.model.placement import Placement
from agent.model.virtual_machine import VirtualMachine


@dataclass(frozen=True, slots=True, kw_only=True)
class VmSelection:
    """Everything that is given must match; `*` and `?` are wild cards. What is not known never matches."""

    names: tuple[str, ...] = ()
    """one of them"""
    folders: tuple[str, ...] = ()
    """one of them, or one below it; paths below the datacenter"""
    tags: tuple[str, ...] = ()
    """all of them, as Category:Tag"""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """all of them, by name"""
    power_states: tuple[str, ...] = ()
    """one of them"""
    guests: tuple[str, ...] = ()
    """one of windows, linux, other"""

    def matches(self, vm: VirtualMachine, placement: Placement, inventory: Inventory, labelling: Labelling) -> bool:
        """Whether this VM is meant."""
        if self.names and not _one(vm.name, self.names):
            return False
        if self.folders and not (vm.parent in inventory.folders and _below(placement.folder, self.folders)):
            return False
        if self.power_states and vm.power_state not in self.power_states:
            return False
        if self.guests and guest_family(vm) not in self.guests:
            return False
        if self.tags:
            has = [f"{pair.category}:{pair.tag}" for pair in labelling.tags_of(vm.moid)]
            if not all(any(fnmatchcase(tag, wanted) for tag in has) for wanted in self.tags):
                return False
        return not self.attributes or self._has_attributes(vm, inventory)

    def _has_attributes(self, vm: VirtualMachine, inventory: Inventory) -> bool:
        fields = inventory.custom_fields or {}
        values = {fields.get(one.key or 0): one.value or "" for one in vm.custom_values or ()}
        return all(name in values and fnmatchcase(values[name], wanted) for name, wanted in self.attributes.items())


def _one(text: str | None, patterns: tuple[str, ...]) -> bool:
    return text is not None and any(fnmatchcase(text, pattern) for pattern in patterns)


def _below(path: str, folders: tuple[str, ...]) -> bool:
    return any(fnmatchcase(path, folder) or fnmatchcase(path, f"{folder}/*") for folder in folders)
