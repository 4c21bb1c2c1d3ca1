"""vCPU: the virtual processors of every VM; MHz."""

from exporters.workbook.rows import VM_HEAD, VM_TAIL, VmRow, vm_labels, vm_rows
from exporters.workbook.sheet import Columns, Tab


def _sockets(row: VmRow) -> int | None:
    cpus, cores = row.vm.cpus, row.vm.cores_per_socket
    return None if cpus is None or not cores else cpus // cores


_COLUMNS: Columns[VmRow] = (
    *VM_HEAD,
    ("CPUs", lambda row: row.vm.cpus),
    ("Sockets", _sockets),
    ("Cores p/s", lambda row: row.vm.cores_per_socket),
    ("Max", lambda row: row.vm.max_cpu_usage_mhz),
    ("Overall", lambda row: row.vm.cpu_usage_mhz),
    ("Level", lambda row: row.vm.cpu_shares_level),
    ("Shares", lambda row: row.vm.cpu_shares),
    ("Reservation", lambda row: row.vm.cpu_reservation_mhz),
    ("Entitlement", lambda row: row.vm.cpu_entitlement_static_mhz),
    ("DRS Entitlement", lambda row: row.vm.cpu_entitlement_distributed_mhz),
    ("Limit", lambda row: row.vm.cpu_limit_mhz),
    ("Hot Add", lambda row: row.vm.cpu_hot_add),
    ("Hot Remove", lambda row: row.vm.cpu_hot_remove),
    ("Numa Hotadd Exposed", lambda row: row.vm.numa_exposed_on_hot_add),
    *VM_TAIL,
)

TAB = Tab(name="vCPU", rows=vm_rows, columns=_COLUMNS, labels=vm_labels, labels_before="Datacenter")
