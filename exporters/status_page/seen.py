"""What is looked at: each target's newest inventory, and whether it is still current."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from agent.dataclass import dataclass
from agent.model.inventory import Inventory
from agent.model.world import Target, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A target that was read at least once. When `stale`, its inventory is the last known one, not the present state."""

    target: Target
    inventory: Inventory
    stale: bool


def seen(world: World, now: datetime) -> tuple[Seen, ...]:
    """Every target that was ever read; one that fell silent stays on the page, marked as stale."""
    return tuple(
        Seen(target=target, inventory=target.inventory, stale=target.visible_inventory(now) is None)
        for target in world.targets.values()
        if target.inventory is not None
    )


class FromSource(Protocol):
    """Anything that remembers which vCenter it was read from."""

    @property
    def source(self) -> Seen:
        """Where it was read."""


Row = TypeVar("Row", bound=FromSource)


def current(rows: Iterable[Row]) -> list[Row]:
    """Only what is so now: a count must not speak for a vCenter that does not answer."""
    return [row for row in rows if not row.source.stale]


def name_or_moid(name: str | None, moid: str) -> str:
    """An object needs a word to be spoken of, also where its name may not be read."""
    return name if name is not None else moid
