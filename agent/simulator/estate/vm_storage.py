"""What a VM occupies: `layoutEx` (every file), `storage.perDatastoreUsage` and `summary.storage`, which are its sums."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pyVmomi import vim

from agent.simulator.estate.copies import vary
from agent.simulator.estate.plan import GIB, MIB, DiskPlan, VmPlan
from agent.simulator.estate.vm_hardware import disk_file

_layout = vim.vm.FileLayoutEx
_FILE = _layout.FileInfo(key=0, name="", type="", size=0, uniqueSize=0, accessible=True)
SWAP, SUSPEND = "swap", "suspend"


def file(key: int, name: str, kind: str, size: int) -> vim.vm.FileLayoutEx.FileInfo:
    """One file of a VM; sizes in bytes."""
    return vary(_FILE, key=key, name=name, type=kind, size=size, uniqueSize=size)


def written_bytes(disk: DiskPlan) -> int:
    """What a disk occupies on its datastore: a thick disk all of its size, a raw LUN nothing."""
    match disk.kind:
        case "rdm":
            return 0
        case "thin" | "independent":
            return int(disk.size_gib * GIB * disk.written) // MIB * MIB
        case _:
            return disk.size_gib * GIB


def layout_without_snapshots(
    vm: VmPlan, disks: Sequence[vim.vm.device.VirtualDisk], datastore_name: str, now: datetime
) -> vim.vm.FileLayoutEx:
    """The files of a VM as it was built; `disks` are its disk devices in the order of the plan."""
    folder = f"[{datastore_name}] {vm.home}/"
    files = [
        file(0, f"{folder}{vm.file_stem}.vmx", "config", 3_842),
        file(1, f"{folder}{vm.file_stem}.nvram", "nvram", 270_840),
        file(2, f"{folder}{vm.file_stem}.vmsd", "snapshotList", 43),
        file(3, f"{folder}vmware.log", "log", 312_577),
    ]
    layouts = []
    for index, (device, disk) in enumerate(zip(disks, vm.disks, strict=True)):
        descriptor = disk_file(vm, index, datastore_name)
        extent = descriptor.removesuffix(".vmdk") + ("-rdmp.vmdk" if disk.kind == "rdm" else "-flat.vmdk")
        first = len(files)
        files.append(file(first, descriptor, "diskDescriptor", 615))
        files.append(file(first + 1, extent, "diskExtent", written_bytes(disk)))
        layouts.append(_layout.DiskLayout(key=device.key, chain=[_layout.DiskUnit(fileKey=[first, first + 1])]))
    layout = _layout(file=files, disk=layouts, snapshot=[], timestamp=now)
    if vm.power == "poweredOn":
        return with_swap(layout, folder, vm.file_stem, (vm.memory_mib - vm.memory_reservation_mib) * MIB)
    if vm.power == "suspended":
        return with_suspend_image(layout, folder, vm.file_stem, vm.memory_mib * MIB)
    return layout


def next_key(layout: vim.vm.FileLayoutEx) -> int:
    """A file key that the layout does not use yet."""
    return 1 + max((one.key for one in layout.file), default=-1)


def without(layout: vim.vm.FileLayoutEx, *kinds: str) -> vim.vm.FileLayoutEx:
    """The layout without its files of these types."""
    return vary(layout, file=[one for one in layout.file if one.type not in kinds])


def with_swap(layout: vim.vm.FileLayoutEx, folder: str, name: str, size: int) -> vim.vm.FileLayoutEx:
    """The layout of a VM that runs: its swap file is as large as its memory that is not reserved (bytes)."""
    swap = file(next_key(layout), f"{folder}{name}.vswp", SWAP, size)
    return vary(layout, file=[*without(layout, SWAP, SUSPEND).file, swap])


def with_suspend_image(layout: vim.vm.FileLayoutEx, folder: str, name: str, size: int) -> vim.vm.FileLayoutEx:
    """The layout of a suspended VM: its memory is in a file (bytes)."""
    image = file(next_key(layout), f"{folder}{name}.vmss", SUSPEND, size)
    return vary(layout, file=[*without(layout, SWAP, SUSPEND).file, image])


def committed_bytes(layout: vim.vm.FileLayoutEx) -> int:
    """What all files occupy."""
    return sum(one.size for one in layout.file)


def uncommitted_bytes(layout: vim.vm.FileLayoutEx, disks: Sequence[Any]) -> int:
    """How much the disks can still grow: of each, its size less what its whole chain has written."""
    size_of = {one.key: one.size for one in layout.file}
    written = {disk.key: sum(size_of[key] for unit in disk.chain for key in unit.fileKey) for disk in layout.disk}
    return sum(
        max(0, disk.capacityInBytes - written[disk.key])
        for disk in disks
        if not isinstance(disk.backing, vim.vm.device.VirtualDisk.RawDiskMappingVer1BackingInfo)
    )


def storage_summary(
    layout: vim.vm.FileLayoutEx, disks: Sequence[vim.vm.device.VirtualDisk], now: datetime
) -> vim.vm.Summary.StorageSummary:
    """`summary.storage`: the sums of the layout, bytes."""
    committed = committed_bytes(layout)
    shared = [disk.key for disk in disks if getattr(disk.backing, "sharing", None) == "sharingMultiWriter"]
    keys = {key for disk in layout.disk if disk.key in shared for unit in disk.chain for key in unit.fileKey}
    return vim.vm.Summary.StorageSummary(
        committed=committed,
        uncommitted=uncommitted_bytes(layout, disks),
        unshared=committed - sum(one.size for one in layout.file if one.key in keys),
        timestamp=now,
    )


def storage_info(datastore: vim.Datastore, summary: vim.vm.Summary.StorageSummary) -> vim.vm.StorageInfo:
    """`storage`: all files of a VM lie on one datastore here, so its usage is the summary's."""
    return vim.vm.StorageInfo(
        perDatastoreUsage=[
            vim.vm.StorageInfo.UsageOnDatastore(
                datastore=datastore,
                committed=summary.committed,
                uncommitted=summary.uncommitted,
                unshared=summary.unshared,
            )
        ],
        timestamp=summary.timestamp,
    )
