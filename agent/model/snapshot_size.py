"""How much space the snapshots of a VM take: of all its files (`layoutEx`) those that would go with the snapshots."""

import re

from agent.model.virtual_machine import VirtualMachine

_DISK_KINDS = frozenset({"diskDescriptor", "diskExtent"})
_DELTA = re.compile(r"-\d{6}(-delta|-sesparse)?\.vmdk$")
"""How ESXi names the files a disk is written to after a snapshot: `name-000001.vmdk` and its extent."""


def snapshot_size_bytes(vm: VirtualMachine) -> int | None:
    """Bytes that snapshots occupy: delta disks, state (.vmsn) and memory (.vmem); 0 without snapshots.

    The base disks are not counted. None while the layout was not read, or a size in it is unknown.
    """
    if vm.files is None or vm.snapshot_layout is None:
        return None
    if not vm.snapshot_layout:
        return 0  # a linked clone's base is named like a delta, and nothing here tells them apart
    state = {snapshot.data_key for snapshot in vm.snapshot_layout} | {
        snapshot.memory_key for snapshot in vm.snapshot_layout
    }
    chains = [disk.chain or () for snapshot in vm.snapshot_layout for disk in snapshot.disks or ()]
    base = {key for chain in chains for link in chain[:1] for key in link.file_keys or ()}
    older_deltas = {key for chain in chains for link in chain[1:] for key in link.file_keys or ()}
    sizes = [
        file.size_bytes
        for file in vm.files
        if file.key in state
        or file.key in older_deltas
        # the delta that is written now belongs to no snapshot yet
        or (file.kind in _DISK_KINDS and file.key not in base and _DELTA.search(file.path or ""))
    ]
    known = [size for size in sizes if size is not None]
    return sum(known) if len(known) == len(sizes) else None
