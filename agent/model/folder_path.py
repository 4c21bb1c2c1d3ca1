"""Where a folder hangs, with its datacenter: `/DC1/vm/Prod/Core`."""

from collections.abc import Mapping

from agent.model.folder import Datacenter, Folder

_DEPTH = 64
"""A chain of parents longer than this is a loop in bad data."""


class FolderPaths:
    """Of folders and datacenters by moid; the root folder is not named."""

    def __init__(self, places: Mapping[str, Folder | Datacenter]) -> None:
        self._places = places
        self._known: dict[str, str] = {}

    def path(self, moid: str | None) -> str | None:
        """None where the account cannot see the folder."""
        if moid is None or moid not in self._places:
            return None
        if moid not in self._known:
            names: list[str] = []
            here: str | None = moid
            for _ in range(_DEPTH):
                place = self._places.get(here or "")
                if place is None or place.parent is None:
                    break
                names.append(place.name or place.moid)
                here = place.parent
            self._known[moid] = "/" + "/".join(reversed(names))
        return self._known[moid]
