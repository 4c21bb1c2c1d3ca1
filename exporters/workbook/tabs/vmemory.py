"""vMemory: the memory of every VM; MiB."""

from exporters.workbook.rows import VM_HEAD, VM_TAIL, VmRow, vm_labels, vm_rows
from exporters.workbook.sheet import Columns, Tab, mib

_COLUMNS: Columns[VmRow] = (
    *VM_HEAD,
    ("Size MiB", lambda row: row.vm.memory_mib),
    ("Memory Reservation Locked To Max", lambda row: row.vm.memory_reservation_locked),
    ("Overhead", lambda row: mib(row.vm.memory_overhead_reserved_bytes)),
    ("Max", lambda row: row.vm.max_memory_usage_mib),
    ("Consumed", lambda row: row.vm.memory_consumed_mib),
    ("Consumed Overhead", lambda row: row.vm.memory_overhead_consumed_mib),
    ("Private", lambda row: row.vm.memory_private_mib),
    ("Shared", lambda row: row.vm.memory_shared_mib),
    ("Swapped", lambda row: row.vm.memory_swapped_mib),
    ("Ballooned", lambda row: row.vm.memory_ballooned_mib),
    ("Active", lambda row: row.vm.memory_active_mib),
    ("Entitlement", lambda row: row.vm.memory_entitlement_static_mib),
    ("DRS Entitlement", lambda row: row.vm.memory_entitlement_distributed_mib),
    ("Level", lambda row: row.vm.memory_shares_level),
    ("Shares", lambda row: row.vm.memory_shares),
    ("Reservation", lambda row: row.vm.memory_reservation_mib),
    ("Limit", lambda row: row.vm.memory_limit_mib),
    ("Hot Add", lambda row: row.vm.memory_hot_add),
    *VM_TAIL,
)

TAB = Tab(name="vMemory", rows=vm_rows, columns=_COLUMNS, labels=vm_labels, labels_before="Datacenter")
