"""Resource pools and vApps. The root pool of a cluster is named Resources by vCenter."""

from collections.abc import Iterable
from typing import NamedTuple

from agent.model.resource_pool import ResourcePool
from exporters.prometheus.family import MHZ, MIB, Family, Kind, gauge, limit, origins
from exporters.prometheus.section import Section, Sight, Subject

LABELS = ("vcenter", "resource_pool_id", "resource_pool_name")

FAMILIES: tuple[Family[ResourcePool], ...] = (
    gauge(
        ResourcePool,
        "vsphere_resource_pool_cpu_usage_hertz",
        "CPU that the VMs below use.",
        "quick_stats.cpu_usage_mhz",
        times=MHZ,
    ),
    gauge(
        ResourcePool,
        "vsphere_resource_pool_cpu_demand_hertz",
        "CPU that the VMs below would use if nothing else ran.",
        "quick_stats.cpu_demand_mhz",
        times=MHZ,
    ),
    gauge(
        ResourcePool,
        "vsphere_resource_pool_cpu_max_usage_hertz",
        "CPU that the pool can have at most now.",
        "cpu_runtime.max_usage",
        times=MHZ,
    ),
    limit(
        ResourcePool,
        "vsphere_resource_pool_cpu_limit_hertz",
        "CPU limit of the pool",
        "cpu.limit",
        times=MHZ,
    ),
    gauge(
        ResourcePool,
        "vsphere_resource_pool_cpu_reservation_hertz",
        "CPU guaranteed to the pool.",
        "cpu.reservation",
        times=MHZ,
    ),
    gauge(
        ResourcePool,
        "vsphere_resource_pool_cpu_reservation_used_hertz",
        "CPU guaranteed to the pools and running VMs below.",
        "cpu_runtime.reservation_used",
        times=MHZ,
    ),
    gauge(
        ResourcePool,
        "vsphere_resource_pool_memory_configured_bytes",
        "Configured memory of the VMs below.",
        "memory_configured_mib",
        times=MIB,
    ),
    gauge(
        ResourcePool,
        "vsphere_resource_pool_memory_active_bytes",
        "Guest memory touched recently by the VMs below.",
        "quick_stats.memory_active_mib",
        times=MIB,
    ),
    gauge(
        ResourcePool,
        "vsphere_resource_pool_memory_consumed_bytes",
        "Host memory the VMs below take, without overhead.",
        "quick_stats.memory_consumed_mib",
        times=MIB,
    ),
    gauge(
        ResourcePool,
        "vsphere_resource_pool_memory_max_usage_bytes",
        "Memory that the pool can have at most now.",
        "memory_runtime.max_usage",
    ),
    limit(
        ResourcePool,
        "vsphere_resource_pool_memory_limit_bytes",
        "Memory limit of the pool",
        "memory.limit",
        times=MIB,
    ),
    gauge(
        ResourcePool,
        "vsphere_resource_pool_memory_reservation_bytes",
        "Memory guaranteed to the pool.",
        "memory.reservation",
        times=MIB,
    ),
    gauge(
        ResourcePool,
        "vsphere_resource_pool_memory_reservation_used_bytes",
        "Memory guaranteed to the pools and running VMs below.",
        "memory_runtime.reservation_used",
    ),
    Family(
        name="vsphere_resource_pool_vms",
        help="Virtual machines directly in the pool.",
        source=origins(ResourcePool, "vms"),
        samples=lambda pool: (((), None if pool.vms is None else len(pool.vms)),),
    ),
)


def _subjects(sight: Sight) -> Iterable[Subject[ResourcePool]]:
    for moid, pool in sight.inventory.resource_pools.items():
        yield Subject(moid, sight.labels(moid, pool.name), pool)


class PlacedPool(NamedTuple):
    """Whose resources a pool divides; a cluster or a standalone host's compute resource."""

    parent_id: str | None
    owner_id: str | None
    owner_name: str | None


PLACEMENT: tuple[Family[PlacedPool], ...] = (
    Family(
        name="vsphere_resource_pool_placement_info",
        help="The pool above, and the cluster or standalone host (owner) whose resources the pool divides.",
        source=origins(ResourcePool, "parent", "owner"),
        kind=Kind.INFO,
        labels=PlacedPool._fields,
        samples=lambda place: ((place, 1),),
    ),
)


def _placed(sight: Sight) -> Iterable[Subject[PlacedPool]]:
    for moid, pool in sight.inventory.resource_pools.items():
        above = pool.parent if pool.parent in sight.inventory.resource_pools else None
        place = PlacedPool(above, pool.owner, sight.inventory.named(pool.owner))
        yield Subject(moid, sight.labels(moid, pool.name), place)


SECTION = Section(title="Resource pools", labels=LABELS, families=FAMILIES, subjects=_subjects)
PLACEMENT_SECTION = Section(title="Placement of resource pools", labels=LABELS, families=PLACEMENT, subjects=_placed)
