"""Snapshots of a VM, as a tree and flattened: `snapshot.rootSnapshotList`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from agent.dataclass import dataclass
from agent.model.property import prop


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotNode:
    """One snapshot with those taken after it."""

    moid: str | None = prop("snapshot")
    name: str | None = prop("name")
    description: str | None = prop("description")
    created: datetime | None = prop("createTime")
    power_state: str | None = prop("state")
    quiesced: bool | None = prop("quiesced")
    children: tuple[SnapshotNode, ...] | None = prop("childSnapshotList")


def flatten(roots: tuple[SnapshotNode, ...] | None, depth: int = 1) -> Iterator[tuple[int, SnapshotNode]]:
    """Every snapshot with its depth in the chain, parents first."""
    for node in roots or ():
        yield depth, node
        yield from flatten(node.children, depth + 1)
