"""vTools: VMware Tools of every VM."""

from exporters.workbook.rows import VM_HEAD, VM_TAIL_WITH_REFERENCE, VmRow, vm_labels, vm_rows
from exporters.workbook.sheet import Cell, Columns, Tab

_OLD = frozenset({"guestToolsNeedUpgrade", "guestToolsTooOld", "guestToolsSupportedOld"})


def _upgradeable(row: VmRow) -> Cell:
    status = row.vm.tools_version_status
    return None if status is None else "Yes" if status in _OLD else "No"


_COLUMNS: Columns[VmRow] = (
    *VM_HEAD,
    ("VM Version", lambda row: row.vm.hardware_version),
    ("Tools", lambda row: row.vm.tools_status),
    ("Tools Version", lambda row: row.vm.tools_version),
    ("Required Version", lambda row: row.vm.tools_required_version),
    ("Upgradeable", _upgradeable),
    ("Upgrade Policy", lambda row: row.vm.tools_upgrade_policy),
    ("Sync time", lambda row: row.vm.tools_sync_time),
    ("App status", lambda row: row.vm.app_heartbeat),
    ("Heartbeat status", lambda row: row.vm.heartbeat),
    ("Kernel Crash state", lambda row: row.vm.guest_kernel_crashed),
    ("Operation Ready", lambda row: row.vm.guest_operations_ready),
    ("State change support", lambda row: row.vm.guest_state_change_supported),
    ("Interactive Guest", lambda row: row.vm.interactive_guest_operations_ready),
    *VM_TAIL_WITH_REFERENCE,
)

TAB = Tab(
    name="vTools",
    rows=vm_rows,
    columns=_COLUMNS,
    labels=vm_labels,
    labels_before="Datacenter",
    absent={"Upgrade": "a check box of RVTools' own window, by which it upgrades Tools"},
)
