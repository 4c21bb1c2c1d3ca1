"""vRP: every resource pool and vApp; MHz and MiB."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from agent.model.resource_pool import PoolQuickStats, PoolRuntime, ResourceAllocation, ResourcePool
from exporters.workbook.sheet import Cell, Columns, Tab, mib
from exporters.workbook.source import Source


class _Row(NamedTuple):
    source: Source
    pool: ResourcePool


def _rows(source: Source) -> Iterable[_Row]:
    pools = source.inventory.resource_pools.values()
    return (_Row(source, pool) for pool in sorted(pools, key=lambda pool: source.pool_path(pool.moid) or ""))


def _cpus(row: _Row) -> int | None:
    counts = [vm.cpus for vm in row.source.running(row.pool.vms)]
    return None if row.pool.vms is None or None in counts else sum(count or 0 for count in counts)


def _allocated(kind: str, prefix: str) -> Columns[_Row]:
    def column(name: str, value: Callable[[ResourceAllocation], Cell]) -> tuple[str, Callable[[_Row], Cell]]:
        def cell(row: _Row) -> Cell:
            allocation: ResourceAllocation | None = getattr(row.pool, kind)
            return value(allocation) if allocation is not None else None

        return f"{prefix} {name}", cell

    return (
        column("limit", lambda found: found.limit),
        column("overheadLimit", lambda found: found.overhead_limit),
        column("reservation", lambda found: found.reservation),
        column("level", lambda found: found.shares_level),
        column("shares", lambda found: found.shares),
        column("expandableReservation", lambda found: found.expandable),
    )


def _used(kind: str, prefix: str, unit: Callable[[int | None], int | None]) -> Columns[_Row]:
    def column(name: str, value: Callable[[PoolRuntime], int | None]) -> tuple[str, Callable[[_Row], Cell]]:
        def cell(row: _Row) -> Cell:
            runtime: PoolRuntime | None = getattr(row.pool, kind)
            return unit(value(runtime)) if runtime is not None else None

        return f"{prefix} {name}", cell

    return (
        column("maxUsage", lambda found: found.max_usage),
        column("overallUsage", lambda found: found.overall_usage),
        column("reservationUsed", lambda found: found.reservation_used),
        column("reservationUsedForVm", lambda found: found.reservation_used_for_vm),
        column("unreservedForPool", lambda found: found.unreserved_for_pool),
        column("unreservedForVm", lambda found: found.unreserved_for_vm),
    )


def _quick(name: str, value: Callable[[PoolQuickStats], Cell]) -> tuple[str, Callable[[_Row], Cell]]:
    def cell(row: _Row) -> Cell:
        return value(row.pool.quick_stats) if row.pool.quick_stats is not None else None

    return f"QS {name}", cell


_COLUMNS: Columns[_Row] = (
    ("Resource Pool name", lambda row: row.pool.name),
    ("Resource Pool path", lambda row: row.source.pool_path(row.pool.moid)),
    ("Status", lambda row: row.pool.overall_status),
    ("# VMs total", lambda row: None if row.pool.vms is None else len(row.pool.vms)),
    ("# VMs", lambda row: None if row.pool.vms is None else len(row.source.running(row.pool.vms))),
    ("# vCPUs", _cpus),
    *_allocated("cpu", "CPU"),
    *_used("cpu_runtime", "CPU", lambda mhz: mhz),
    ("Mem Configured", lambda row: row.pool.memory_configured_mib),
    *_allocated("memory", "Mem"),
    *_used("memory_runtime", "Mem", mib),
    _quick("overallCpuDemand", lambda stats: stats.cpu_demand_mhz),
    _quick("overallCpuUsage", lambda stats: stats.cpu_usage_mhz),
    _quick("staticCpuEntitlement", lambda stats: stats.cpu_entitlement_static_mhz),
    _quick("distributedCpuEntitlement", lambda stats: stats.cpu_entitlement_distributed_mhz),
    _quick("balloonedMemory", lambda stats: stats.memory_ballooned_mib),
    _quick("compressedMemory", lambda stats: stats.memory_compressed_kib),
    _quick("consumedOverheadMemory", lambda stats: stats.memory_overhead_consumed_mib),
    _quick("distributedMemoryEntitlement", lambda stats: stats.memory_entitlement_distributed_mib),
    _quick("guestMemoryUsage", lambda stats: stats.memory_active_mib),
    _quick("hostMemoryUsage", lambda stats: stats.memory_consumed_mib),
    _quick("overheadMemory", lambda stats: stats.memory_overhead_mib),
    _quick("privateMemory", lambda stats: stats.memory_private_mib),
    _quick("sharedMemory", lambda stats: stats.memory_shared_mib),
    _quick("staticMemoryEntitlement", lambda stats: stats.memory_entitlement_static_mib),
    _quick("swappedMemory", lambda stats: stats.memory_swapped_mib),
    ("Object ID", lambda row: row.pool.moid),
    ("VI SDK Server", lambda row: row.source.server),
    ("VI SDK UUID", lambda row: row.source.uuid),
)

TAB = Tab(name="vRP", rows=_rows, columns=_COLUMNS)
