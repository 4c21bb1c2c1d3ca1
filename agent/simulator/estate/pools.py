"""Resource pools and vApps. Their sums are filled in from the VMs afterwards (see totals)."""

from collections.abc import Sequence
from typing import Any

from pyVmomi import vim

from agent.simulator.estate.entities import entity
from agent.simulator.estate.plan import PoolPlan
from agent.simulator.estate.vm_config import allocation
from agent.simulator.objects import Estate

_NOTHING = vim.ResourcePool.ResourceUsage()


def pool_ref(moid: str) -> vim.ResourcePool:
    """The reference to a pool or vApp by its id."""
    kind: Any = vim.VirtualApp if moid.startswith("resgroup-v") else vim.ResourcePool
    ref: vim.ResourcePool = kind(moid)
    return ref


def add_pool(
    estate: Estate,
    plan: PoolPlan,
    *,
    parent: vim.ManagedEntity,
    owner: vim.ComputeResource,
    children: Sequence[PoolPlan],
    vms: Sequence[vim.VirtualMachine],
    capacity_mhz: int,
    capacity_mib: int,
    vm_folder: vim.Folder,
) -> None:
    """Add a pool; a root pool has all of `capacity_mhz` and `capacity_mib`, the others what their plan says."""
    root = plan.name == "Resources"
    ref = pool_ref(plan.moid)
    config = vim.ResourceConfigSpec(
        entity=ref,
        cpuAllocation=allocation(
            capacity_mhz if root else plan.cpu_reservation_mhz,
            capacity_mhz if root else plan.cpu_limit_mhz,
            4000,
            expandable=True,
        ),
        memoryAllocation=allocation(
            capacity_mib if root else plan.memory_reservation_mib,
            capacity_mib if root else plan.memory_limit_mib,
            163_840,
            expandable=True,
        ),
    )
    runtime = vim.ResourcePool.RuntimeInfo(overallStatus="green", memory=_NOTHING, cpu=_NOTHING)
    more: dict[str, Any] = {}
    summary: Any = vim.ResourcePool.Summary
    if plan.vapp:
        summary = vim.VirtualApp.Summary
        more = {
            "parentFolder": vm_folder,
            "datastore": [],
            "network": [],
            "parentVApp": None,
            "childLink": [],
            "vAppConfig": vim.vApp.VAppConfigInfo(
                ipAssignment=vim.vApp.IPAssignmentInfo(ipProtocol="IPv4"),
                installBootRequired=False,
                installBootStopDelay=0,
                annotation="Kortserver og database startes sammen",
                entityConfig=[],
            ),
        }
    estate.add(
        type(ref),
        plan.moid,
        **entity(plan.name, parent),
        summary=summary(
            name=plan.name,
            config=config,
            runtime=runtime,
            quickStats=vim.ResourcePool.Summary.QuickStats(),
            configuredMemoryMB=0,
        ),
        runtime=runtime,
        owner=owner,
        resourcePool=[pool_ref(child.moid) for child in children],
        vm=list(vms),
        config=config,
        childConfiguration=[],
        **more,
    )
