"""vCD: every CD drive of every VM."""

from agent.model.virtual_hardware import Cdrom
from exporters.workbook.rows import VM_TAIL_WITH_REFERENCE, VmPart, of_vm, part_labels, vm_parts
from exporters.workbook.sheet import Columns, Tab

_COLUMNS: Columns[VmPart[Cdrom]] = (
    ("Device Node", lambda row: row.part.label),
    ("Connected", lambda row: row.part.connected),
    ("Starts Connected", lambda row: row.part.start_connected),
    ("Device Type", lambda row: row.part.iso or row.part.backing),
)

TAB = Tab(
    name="vCD",
    rows=vm_parts(lambda vm: vm.cdroms),
    columns=of_vm(_COLUMNS, VM_TAIL_WITH_REFERENCE),
    labels=part_labels,
    labels_before="Datacenter",
    absent={"Select": "a check box of RVTools' own window, by which it disconnects drives"},
)
