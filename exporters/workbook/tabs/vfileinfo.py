"""vFileInfo: every file of every registered VM, as its layout names it."""

from agent.model.vm_files import LayoutFile
from exporters.workbook.rows import VM_SDK, VmPart, owner, vm_parts
from exporters.workbook.sheet import Columns, Tab, of_part


def _folder(path: str) -> str:
    """`[datastore] folder/` of `[datastore] folder/file`."""
    return path[: path.rfind("/") + 1] or path[: path.find("]") + 1]


_COLUMNS: Columns[VmPart[LayoutFile]] = (
    ("Friendly Path Name", lambda row: _folder(row.part.path or "")),
    ("File Name", lambda row: (row.part.path or "").removeprefix(_folder(row.part.path or "")).strip()),
    ("File Type", lambda row: row.part.kind),
    ("File Size in bytes", lambda row: row.part.size_bytes),
    ("Path", lambda row: _folder(row.part.path or "")),
    ("Internal Sort Column", lambda row: row.part.path),
    *of_part(VM_SDK, owner),
)

TAB = Tab(
    name="vFileInfo",
    rows=vm_parts(lambda vm: vm.files),
    columns=_COLUMNS,
    absent={
        "(files of no VM)": "browsing a datastore takes Datastore.Browse, which Read-only does not have, and a task: "
        "only the files that belong to registered VMs are listed, by the types that VM layouts know"
    },
)
