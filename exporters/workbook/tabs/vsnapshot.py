"""vSnapshot: every snapshot of every VM, with what its own files occupy; MiB."""

from agent.model.snapshot import SnapshotNode, flatten
from agent.model.virtual_machine import VirtualMachine
from agent.model.vm_files import LayoutFile, LayoutSnapshot
from exporters.workbook.rows import VM_HEAD, VM_TAIL, VmPart, owner, part_labels, vm_parts
from exporters.workbook.sheet import Cell, Columns, Tab, mib, of_part


def _layout(row: VmPart[SnapshotNode]) -> LayoutSnapshot | None:
    return next((one for one in row.vm.snapshot_layout or () if one.moid == row.part.moid), None)


def _files(vm: VirtualMachine, keys: set[int | None]) -> list[LayoutFile]:
    return [file for file in vm.files or () if file.key in keys]


def _state_file(row: VmPart[SnapshotNode]) -> LayoutFile | None:
    layout = _layout(row)
    return next(iter(_files(row.vm, {layout.data_key})), None) if layout is not None else None


def _file_name(row: VmPart[SnapshotNode]) -> Cell:
    file = _state_file(row)
    return file.path if file is not None else None


def _state_mib(row: VmPart[SnapshotNode]) -> Cell:
    file = _state_file(row)
    return mib(file.size_bytes) if file is not None else None


def _total_mib(row: VmPart[SnapshotNode]) -> Cell:
    """State, memory, and the disks' files as they were written up to this snapshot, base disks left out."""
    layout = _layout(row)
    if layout is None or row.vm.files is None:
        return None
    chains = [disk.chain or () for disk in layout.disks or ()]
    keys: set[int | None] = {key for chain in chains for link in chain[1:] for key in link.file_keys or ()}
    sizes = [file.size_bytes for file in _files(row.vm, keys | {layout.data_key, layout.memory_key})]
    return mib(sum(size or 0 for size in sizes)) if None not in sizes else None


_COLUMNS: Columns[VmPart[SnapshotNode]] = (
    *of_part(VM_HEAD[:2], owner),
    ("Name", lambda row: row.part.name),
    ("Description", lambda row: row.part.description),
    ("Date / time", lambda row: row.part.created),
    ("Filename", _file_name),
    ("Size MiB (vmsn)", _state_mib),
    ("Size MiB (total)", _total_mib),
    ("Quiesced", lambda row: row.part.quiesced),
    ("State", lambda row: row.part.power_state),
    *of_part(VM_TAIL, owner),
)

TAB = Tab(
    name="vSnapshot",
    rows=vm_parts(lambda vm: (node for _, node in flatten(vm.snapshots))),
    columns=_COLUMNS,
    labels=part_labels,
    labels_before="Datacenter",
)
