"""Categories, tags and what they hang on: vCenter keeps them apart from the inventory."""

from collections import defaultdict
from dataclasses import field
from typing import Any

from agent.dataclass import dataclass

SINGLE, MULTIPLE = "SINGLE", "MULTIPLE"


@dataclass(slots=True)
class Tagging:
    """Ids are as vCenter makes them, but counted, so that the same estate has the same ones."""

    categories: dict[str, dict[str, Any]] = field(default_factory=dict)
    tags: dict[str, dict[str, Any]] = field(default_factory=dict)
    attached: defaultdict[str, list[dict[str, str]]] = field(default_factory=lambda: defaultdict(list))
    hidden: set[str] = field(default_factory=set)
    """ids of categories and tags that the account may not read"""

    def category(self, name: str, cardinality: str = MULTIPLE) -> str:
        """Make a category; its id."""
        identity = f"urn:vmomi:InventoryServiceCategory:{_uuid(1, len(self.categories))}:GLOBAL"
        self.categories[identity] = {
            "id": identity, "name": name, "description": "", "cardinality": cardinality,
            "associable_types": [], "used_by": [],
        }  # fmt: skip
        return identity

    def tag(self, category: str, name: str) -> str:
        """Make a tag; its id."""
        identity = f"urn:vmomi:InventoryServiceTag:{_uuid(2, len(self.tags))}:GLOBAL"
        self.tags[identity] = {
            "id": identity, "category_id": category, "name": name, "description": "", "used_by": [],
        }  # fmt: skip
        return identity

    def attach(self, tag: str, kind: str, moid: str) -> None:
        """Hang a tag on an object."""
        self.attached[tag].append({"type": kind, "id": moid})


def _uuid(kind: int, number: int) -> str:
    return f"00000000-0000-4000-8{kind:03}-{number:012}"
