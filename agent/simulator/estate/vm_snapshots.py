"""Snapshots of a VM: the tree, the delta disks and their files. Pure: each function gives the VM's new storage.

A chain of snapshots s1, s2 has for each disk the levels base, delta 1 (written after s1) and delta 2 (written after s2).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pyVmomi import vim

from agent.dataclass import dataclass
from agent.simulator.estate.copies import vary
from agent.simulator.estate.vm_storage import file, next_key
from agent.simulator.schema import id_of

_layout = vim.vm.FileLayoutEx
_tree = vim.vm.SnapshotTree
SPARSE_HEADER = 16 * 1024**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """The parts of a VM that a snapshot changes: `config.hardware.device`, `layoutEx`, `snapshot`."""

    devices: Sequence[Any]
    layout: vim.vm.FileLayoutEx
    snapshot: vim.vm.SnapshotInfo | None

    @property
    def disks(self) -> list[Any]:
        """The disk devices."""
        return disks_of(self.devices)


def disks_of(devices: Sequence[Any]) -> list[Any]:
    """The virtual disks among devices."""
    return [device for device in devices if isinstance(device, vim.vm.device.VirtualDisk)]


def flattened(snapshot: vim.vm.SnapshotInfo | None) -> list[vim.vm.SnapshotTree]:
    """The snapshots of a linear chain, oldest first."""
    nodes: list[vim.vm.SnapshotTree] = []
    below = list(snapshot.rootSnapshotList) if snapshot else []
    while below:
        nodes.append(below[0])
        below = list(below[0].childSnapshotList)
    return nodes


def _chained(nodes: Sequence[vim.vm.SnapshotTree]) -> vim.vm.SnapshotInfo | None:
    if not nodes:
        return None
    tree: list[vim.vm.SnapshotTree] = []
    for node in reversed(nodes):
        tree = [vary(node, childSnapshotList=tree)]
    return vim.vm.SnapshotInfo(currentSnapshot=nodes[-1].snapshot, rootSnapshotList=tree)


def _takes_part(disk: Any) -> bool:
    """Independent and raw disks are left out of snapshots."""
    return "independent" not in disk.backing.diskMode


def snapshot_taken(
    stored: Stored,
    *,
    vm: vim.VirtualMachine,
    snapshot: vim.vm.Snapshot,
    name: str,
    description: str,
    created: datetime,
    power: str,
    quiesced: bool,
    delta_bytes: int = 0,
) -> Stored:
    """After a snapshot: each disk writes to a new delta file; `delta_bytes` were written since, to the first disk most."""
    nodes = flattened(stored.snapshot)
    number = 1 + max((node.id for node in nodes), default=0)
    files = list(stored.layout.file)
    layouts = {disk.key: disk for disk in stored.layout.disk}
    frozen = [vary(disk) for disk in stored.layout.disk]
    devices = []
    share = delta_bytes
    key = next_key(stored.layout)
    for device in stored.devices:
        if not isinstance(device, vim.vm.device.VirtualDisk) or not _takes_part(device):
            devices.append(device)
            continue
        backing = device.backing
        stem = _base(backing).fileName.removesuffix(".vmdk") + f"-{number:06d}"
        devices.append(
            vary(
                device,
                backing=vary(
                    backing,
                    fileName=f"{stem}.vmdk",
                    parent=backing,
                    thinProvisioned=True,
                    eagerlyScrub=False,
                    deltaDiskFormat="seSparseFormat",
                ),
            )
        )
        files.append(file(key, f"{stem}.vmdk", "diskDescriptor", 402))
        # the system disk comes first and gets two thirds of what is left, the last disk the rest
        mine = share if device is stored.disks[-1] else share * 2 // 3
        share -= mine
        files.append(file(key + 1, f"{stem}-sesparse.vmdk", "diskExtent", SPARSE_HEADER + mine))
        chain = [*layouts[device.key].chain, _layout.DiskUnit(fileKey=[key, key + 1])]
        layouts[device.key] = vary(layouts[device.key], chain=chain)
        key += 2
    vmsn = stored.layout.file[0].name.removesuffix(".vmx") + f"-Snapshot{number}.vmsn"
    files.append(file(key, vmsn, "snapshotData", 31_270))
    taken = _layout.SnapshotLayout(key=snapshot, dataKey=key, memoryKey=-1, disk=frozen)
    node = _tree(
        snapshot=snapshot,
        vm=vm,
        name=name,
        description=description,
        id=number,
        createTime=created,
        state=power,
        quiesced=quiesced,
        childSnapshotList=[],
        replaySupported=False,
    )
    return Stored(
        devices=devices,
        layout=vary(
            stored.layout,
            file=files,
            disk=list(layouts.values()),
            snapshot=[*stored.layout.snapshot, taken],
        ),
        snapshot=_chained([*nodes, node]),
    )


def snapshot_removed(stored: Stored, snapshot: vim.vm.Snapshot) -> Stored:
    """After a removal: the delta written since that snapshot is merged into the level below it. KeyError: no such snapshot."""
    nodes = flattened(stored.snapshot)
    level = next((i for i, node in enumerate(nodes) if node.snapshot == snapshot), None)
    if level is None:
        raise KeyError(id_of(snapshot))
    size_of: dict[int, Any] = {one.key: one for one in stored.layout.file}
    gone = {layout.dataKey for layout in stored.layout.snapshot if layout.key == snapshot}
    layouts = []
    by_key = {disk.key: disk for disk in stored.disks}
    for layout in stored.layout.disk:
        if len(layout.chain) <= level + 1:
            layouts.append(layout)
            continue
        below, above = layout.chain[level], layout.chain[level + 1]
        merged = size_of[below.fileKey[1]].size + size_of[above.fileKey[1]].size - SPARSE_HEADER
        target = size_of[below.fileKey[1]]
        size = min(merged, by_key[layout.key].capacityInBytes)
        size_of[target.key] = vary(target, size=size, uniqueSize=size)
        gone.update(above.fileKey)
        layouts.append(vary(layout, chain=[unit for unit in layout.chain if unit is not above]))
    devices = [
        vary(device, backing=_without_level(device.backing, level + 1))
        if isinstance(device, vim.vm.device.VirtualDisk) and _takes_part(device)
        else device
        for device in stored.devices
    ]
    remaining = [layout for layout in stored.layout.snapshot if layout.key != snapshot]
    return Stored(
        devices=devices,
        layout=vary(
            stored.layout,
            file=[one for key, one in size_of.items() if key not in gone],
            disk=layouts,
            snapshot=[_thinned(one, gone) for one in remaining],
        ),
        snapshot=_chained([node for node in nodes if node.snapshot != snapshot]),
    )


def snapshot_grown(stored: Stored, added_bytes: int) -> Stored:
    """After more writes: the topmost delta of the first disk that has one grew, at most to the disk's size."""
    for layout in stored.layout.disk:
        if len(layout.chain) < 2:
            continue
        top = layout.chain[-1].fileKey[1]
        limit = next(disk.capacityInBytes for disk in stored.disks if disk.key == layout.key)
        files = [
            one
            if one.key != top
            else vary(one, size=min(limit, one.size + added_bytes), uniqueSize=min(limit, one.size + added_bytes))
            for one in stored.layout.file
        ]
        return replace(stored, layout=vary(stored.layout, file=files))
    return stored


def delta_bytes(layout: vim.vm.FileLayoutEx) -> int:
    """What all delta disks occupy."""
    size_of = {one.key: one.size for one in layout.file}
    return sum(size_of[key] for disk in layout.disk for unit in disk.chain[1:] for key in unit.fileKey)


def _base(backing: Any) -> Any:
    while backing.parent is not None:
        backing = backing.parent
    return backing


def _without_level(backing: Any, level: int) -> Any:
    """The backing chain without its file at `level`, 0 being the base; the levels above keep their names."""
    levels = [backing]
    while levels[0].parent is not None:
        levels.insert(0, levels[0].parent)
    del levels[level : level + 1]
    chain = None
    for one in levels:
        chain = vary(one, parent=chain)
    return chain


def _thinned(layout: vim.vm.FileLayoutEx.SnapshotLayout, gone: set[int]) -> vim.vm.FileLayoutEx.SnapshotLayout:
    return vary(
        layout,
        disk=[
            vary(disk, chain=[unit for unit in disk.chain if not gone.intersection(unit.fileKey)])
            for disk in layout.disk
        ],
    )
