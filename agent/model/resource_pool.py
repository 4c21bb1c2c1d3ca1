"""Resource pools and vApps: `vim.ResourcePool`."""

from typing import ClassVar

from agent.dataclass import dataclass
from agent.model.alarm import TriggeredAlarm
from agent.model.property import Pace, prop


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceAllocation:
    """Reservation, limit (-1 = none) and shares; MHz or MiB."""

    reservation: int | None = prop("reservation")
    limit: int | None = prop("limit")
    overhead_limit: int | None = prop("overheadLimit")
    expandable: bool | None = prop("expandableReservation")
    shares: int | None = prop("shares.shares")
    shares_level: str | None = prop("shares.level")


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolRuntime:
    """What a pool may use and uses; MHz or bytes."""

    max_usage: int | None = prop("maxUsage")
    overall_usage: int | None = prop("overallUsage")
    reservation_used: int | None = prop("reservationUsed")
    reservation_used_for_vm: int | None = prop("reservationUsedForVm")
    unreserved_for_pool: int | None = prop("unreservedForPool")
    unreserved_for_vm: int | None = prop("unreservedForVm")


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolQuickStats:
    """Usage of all VMs below; MHz and MiB. Never notified."""

    cpu_usage_mhz: int | None = prop("overallCpuUsage")
    cpu_demand_mhz: int | None = prop("overallCpuDemand")
    cpu_entitlement_static_mhz: int | None = prop("staticCpuEntitlement")
    cpu_entitlement_distributed_mhz: int | None = prop("distributedCpuEntitlement")
    memory_active_mib: int | None = prop("guestMemoryUsage")
    memory_consumed_mib: int | None = prop("hostMemoryUsage")
    memory_overhead_mib: int | None = prop("overheadMemory")
    memory_overhead_consumed_mib: int | None = prop("consumedOverheadMemory")
    memory_private_mib: int | None = prop("privateMemory")
    memory_shared_mib: int | None = prop("sharedMemory")
    memory_swapped_mib: int | None = prop("swappedMemory")
    memory_ballooned_mib: int | None = prop("balloonedMemory")
    memory_compressed_kib: int | None = prop("compressedMemory")
    memory_entitlement_static_mib: int | None = prop("staticMemoryEntitlement")
    memory_entitlement_distributed_mib: int | None = prop("distributedMemoryEntitlement")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcePool:
    """One pool; `owner` is the compute resource it divides."""

    vsphere_type: ClassVar[str] = "vim.ResourcePool"
    moid: str

    name: str | None = prop("name")
    parent: str | None = prop("parent")
    owner: str | None = prop("owner")
    vms: tuple[str, ...] | None = prop("vm")
    overall_status: str | None = prop("runtime.overallStatus", Pace.QUICK)
    cpu: ResourceAllocation | None = prop("config.cpuAllocation")
    memory: ResourceAllocation | None = prop("config.memoryAllocation")
    cpu_runtime: PoolRuntime | None = prop("runtime.cpu", Pace.QUICK)
    memory_runtime: PoolRuntime | None = prop("runtime.memory", Pace.QUICK)
    memory_configured_mib: int | None = prop("summary.configuredMemoryMB", Pace.QUICK)
    quick_stats: PoolQuickStats | None = prop("summary.quickStats", Pace.QUICK)
    alarms: tuple[TriggeredAlarm, ...] | None = prop("triggeredAlarmState")
