"""Sums over the VMs: what hosts, resource pools and clusters say they use. Computed, never made up."""

from collections import defaultdict
from dataclasses import field
from typing import Any

from pyVmomi import vim

from agent.dataclass import dataclass
from agent.simulator.estate.copies import vary
from agent.simulator.estate.plan import MIB
from agent.simulator.objects import Estate
from agent.simulator.schema import id_of

HYPERVISOR_MHZ, HYPERVISOR_MIB = 420, 14_336
# (quick statistic of a VM, of its pool)
_POOL_STATS = (
    ("overallCpuUsage", "overallCpuUsage"),
    ("overallCpuDemand", "overallCpuDemand"),
    ("guestMemoryUsage", "guestMemoryUsage"),
    ("hostMemoryUsage", "hostMemoryUsage"),
    ("distributedCpuEntitlement", "distributedCpuEntitlement"),
    ("distributedMemoryEntitlement", "distributedMemoryEntitlement"),
    ("staticCpuEntitlement", "staticCpuEntitlement"),
    ("staticMemoryEntitlement", "staticMemoryEntitlement"),
    ("privateMemory", "privateMemory"),
    ("sharedMemory", "sharedMemory"),
    ("swappedMemory", "swappedMemory"),
    ("balloonedMemory", "balloonedMemory"),
    ("consumedOverheadMemory", "consumedOverheadMemory"),
    ("compressedMemory", "compressedMemory"),
)


@dataclass(slots=True)
class Sums:
    """Accumulated over VMs: MHz, MiB, counts."""

    stats: dict[str, int] = field(default_factory=lambda: dict.fromkeys((name for name, _ in _POOL_STATS), 0))
    configured_mib: int = 0
    cpu_reserved_mhz: int = 0
    memory_reserved_mib: int = 0
    overhead_mib: int = 0
    vms: int = 0
    off: int = 0


def settle(estate: Estate) -> None:
    """Bring the totals of hosts, resource pools, clusters and the standalone compute resources up to date."""
    by_host: defaultdict[str, Sums] = defaultdict(Sums)
    by_pool: defaultdict[str, Sums] = defaultdict(Sums)
    for vm in estate.ids(vim.VirtualMachine):
        _count(estate, vm, by_host, by_pool)
    for host in estate.ids(vim.HostSystem):
        _host(estate, host, by_host[host])
    for pool in estate.ids(vim.ResourcePool):
        _pool(estate, pool, by_pool[pool])
    for compute in estate.ids(vim.ComputeResource):
        _compute(estate, compute, by_pool[id_of(estate.get(compute, "resourcePool"))])


def _count(estate: Estate, vm: str, by_host: dict[str, Sums], by_pool: dict[str, Sums]) -> None:
    quick = estate.get(vm, "summary.quickStats")
    on = estate.get(vm, "runtime.powerState") == "poweredOn"
    config = estate.get(vm, "config")
    owners = [by_host[id_of(estate.get(vm, "runtime.host"))]]
    pool = estate.get(vm, "resourcePool")
    while isinstance(pool, vim.ResourcePool):
        owners.append(by_pool[id_of(pool)])
        pool = estate.get(id_of(pool), "parent")
    for sums in owners:
        sums.vms += 1
        sums.off += not on
        sums.configured_mib += config.hardware.memoryMB
        if on:
            sums.cpu_reserved_mhz += config.cpuAllocation.reservation
            sums.memory_reserved_mib += config.memoryAllocation.reservation
            sums.overhead_mib += (estate.get(vm, "runtime.memoryOverhead") or 0) // MIB
        for name, _ in _POOL_STATS:
            sums.stats[name] += getattr(quick, name) or 0


def serving(estate: Estate, host: str) -> bool:
    """Whether a host can run VMs: connected, powered on, not in maintenance."""
    state = estate.get(host, "runtime")
    return state.connectionState == "connected" and state.powerState == "poweredOn" and not state.inMaintenanceMode


def _host(estate: Estate, host: str, sums: Sums) -> None:
    up = estate.get(host, "runtime.connectionState") == "connected"
    if not up:
        return  # vCenter keeps the last figures of a host it cannot ask
    quick = estate.get(host, "summary.quickStats")
    hardware = estate.get(host, "summary.hardware")
    capacity_mhz = hardware.numCpuCores * hardware.cpuMhz
    estate.set(
        host,
        "summary.quickStats",
        vary(
            quick,
            overallCpuUsage=min(capacity_mhz, sums.stats["overallCpuUsage"] + HYPERVISOR_MHZ),
            overallMemoryUsage=min(hardware.memorySize // MIB, sums.stats["hostMemoryUsage"] + HYPERVISOR_MIB),
            distributedCpuFairness=1000,
            distributedMemoryFairness=1000,
        ),
    )


def _pool(estate: Estate, pool: str, sums: Sums) -> None:
    summary = estate.get(pool, "summary")
    cpu, memory = summary.config.cpuAllocation, summary.config.memoryAllocation
    owner = id_of(estate.get(pool, "owner"))
    all_mhz, all_mib = capacity(estate, owner)
    runtime = vary(
        summary.runtime,
        cpu=_usage(cpu, sums.cpu_reserved_mhz, sums.stats["overallCpuUsage"], all_mhz),
        memory=_usage(
            memory, sums.memory_reserved_mib + sums.overhead_mib, sums.stats["hostMemoryUsage"], all_mib, unit=MIB
        ),
    )
    quick = vary(
        summary.quickStats,
        overheadMemory=sums.overhead_mib,
        **{theirs: sums.stats[mine] for mine, theirs in _POOL_STATS},
    )
    estate.set(
        pool, "summary", vary(summary, runtime=runtime, quickStats=quick, configuredMemoryMB=sums.configured_mib)
    )
    estate.set(pool, "runtime", runtime)


def _usage(
    allocation: Any, reserved: int, used: int, capacity_: int, *, unit: int = 1
) -> vim.ResourcePool.ResourceUsage:
    """Usage of a pool: MHz, or bytes (`unit` MiB) although the allocation is in MiB, as vCenter has it."""
    most = allocation.limit if allocation.limit > 0 else capacity_
    free = max(0, max(allocation.reservation, most if allocation.expandableReservation else 0) - reserved)
    return vim.ResourcePool.ResourceUsage(
        reservationUsed=reserved * unit,
        reservationUsedForVm=reserved * unit,
        unreservedForPool=free * unit,
        unreservedForVm=free * unit,
        overallUsage=used * unit,
        maxUsage=most * unit,
    )


def capacity(estate: Estate, compute: str) -> tuple[int, int]:
    """What the hosts of a compute resource that can run VMs offer: MHz and MiB, less what the hypervisor needs."""
    mhz = mib = 0
    for ref in estate.get(compute, "host"):
        if serving(estate, id_of(ref)):
            hardware = estate.get(id_of(ref), "summary.hardware")
            mhz += hardware.numCpuCores * hardware.cpuMhz - HYPERVISOR_MHZ
            mib += hardware.memorySize // MIB - HYPERVISOR_MIB
    return mhz, mib


def _compute(estate: Estate, compute: str, sums: Sums) -> None:
    hosts = [id_of(ref) for ref in estate.get(compute, "host")]
    hardware = [estate.get(host, "summary.hardware") for host in hosts]
    effective = [host for host in hosts if serving(estate, host)]
    mhz, mib = capacity(estate, compute)
    changes: dict[str, Any] = {
        "totalCpu": sum(one.numCpuCores * one.cpuMhz for one in hardware),
        "totalMemory": sum(one.memorySize for one in hardware),
        "numCpuCores": sum(one.numCpuCores for one in hardware),
        "numCpuThreads": sum(one.numCpuThreads for one in hardware),
        "effectiveCpu": mhz,
        "effectiveMemory": mib,
        "numHosts": len(hosts),
        "numEffectiveHosts": len(effective),
    }
    summary = estate.get(compute, "summary")
    if isinstance(summary, vim.ClusterComputeResource.Summary):
        used = max(sums.stats["overallCpuUsage"] / max(mhz, 1), sums.stats["hostMemoryUsage"] / max(mib, 1))
        usage: Any = summary.usageSummary
        free_cpu = round(100 - 100 * sums.cpu_reserved_mhz / max(mhz, 1))
        free_memory = round(100 - 100 * (sums.memory_reserved_mib + sums.overhead_mib) / max(mib, 1))
        changes |= {
            "currentFailoverLevel": max(0, len(effective) - 1 - int(used * len(effective))),
            "admissionControlInfo": vim.cluster.FailoverResourcesAdmissionControlInfo(
                currentCpuFailoverResourcesPercent=free_cpu, currentMemoryFailoverResourcesPercent=free_memory
            ),
            "drsScore": max(0, min(100, round(100 - 14 * used))),
            "usageSummary": vary(
                usage,
                totalCpuCapacityMhz=mhz,
                totalMemCapacityMB=mib,
                cpuReservationMhz=sums.cpu_reserved_mhz,
                memReservationMB=sums.memory_reserved_mib,
                cpuDemandMhz=sums.stats["overallCpuDemand"],
                memDemandMB=sums.stats["guestMemoryUsage"],
                cpuEntitledMhz=sums.stats["distributedCpuEntitlement"],
                memEntitledMB=sums.stats["distributedMemoryEntitlement"],
                poweredOffVmCount=sums.off,
                totalVmCount=sums.vms,
                statsGenNumber=usage.statsGenNumber + 1,
            ),
        }
    estate.set(compute, "summary", vary(summary, **changes))
    if "summaryEx" in estate.entry(compute).props:
        estate.set(compute, "summaryEx", estate.get(compute, "summary"))
