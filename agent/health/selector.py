"""Which objects are meant: by name, folder, tag or custom attribute."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from agent.dataclass import dataclass
from agent.health.look import Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """Everything that is given must match; `*` and `?` are wild cards."""

    name: str | None = None
    folder: str | None = None
    """path below the datacenter's VM folder; what lies in folders below it is meant too"""
    tag: str | None = None
    """Category:Tag, of a category in `labels.tags`; or the tag's id, as the web client shows it in its address"""
    attributes: Mapping[str, str] | None = None
    """custom attributes by name"""

    def matches(self, item: Any, look: Look) -> bool:
        """Whether this object is meant. What is not told never matches."""
        if self.name is not None and not fnmatchcase(item.name or "", self.name):
            return False
        if self.folder is not None and not self._in_folder(item, look):
            return False
        if self.tag is not None and not self._has_tag(item, look):
            return False
        return self.attributes is None or self._has_attributes(item, look)

    def _in_folder(self, item: Any, look: Look) -> bool:
        placement = look.placements.get(item.moid)
        if placement is None or self.folder is None:
            return False
        return fnmatchcase(placement.folder, self.folder) or fnmatchcase(placement.folder, f"{self.folder}/*")

    def _has_tag(self, item: Any, look: Look) -> bool:
        named = (f"{pair.category}:{pair.tag}" for pair in look.target.labelling.tags_of(item.moid))
        return any(name == self.tag for name in named) or any(
            one.key == self.tag for one in getattr(item, "tags", None) or ()
        )

    def _has_attributes(self, item: Any, look: Look) -> bool:
        names = look.inventory.custom_fields or {}
        values = {names.get(one.key): one.value or "" for one in getattr(item, "custom_values", None) or ()}
        return all(
            name in values and fnmatchcase(values[name], wanted) for name, wanted in (self.attributes or {}).items()
        )
