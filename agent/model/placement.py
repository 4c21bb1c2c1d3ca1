"""Where a VM is: host, cluster, datacenter, folder, resource pool. Moves often, so it never labels a measurement."""

from collections.abc import Mapping

from agent.dataclass import dataclass
from agent.model.inventory import Inventory

_MAX_DEPTH = 64  # a parent chain longer than this is a loop in bad data


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Names are what vCenter shows; ids are moids. `None` where the account cannot see."""

    host_id: str | None
    host_name: str | None
    cluster_id: str | None
    cluster_name: str | None
    datacenter_name: str | None
    folder: str
    """Path below the datacenter's VM folder, e.g. `ERP/Produktion`; empty at its top."""
    resource_pool: str
    """Path below the root pool, empty in the root pool itself."""


def place_vms(inventory: Inventory) -> Mapping[str, Placement]:
    """The placement of every VM by moid."""
    folders: dict[str | None, tuple[str, str | None]] = {}
    pools: dict[str | None, str] = {}
    placements = {}
    for moid, vm in inventory.vms.items():
        host = inventory.hosts.get(vm.host or "")
        cluster = inventory.clusters.get((host.parent if host else None) or "")
        if vm.parent not in folders:
            folders[vm.parent] = _folder_path(inventory, vm.parent)
        if vm.resource_pool not in pools:
            pools[vm.resource_pool] = _pool_path(inventory, vm.resource_pool)
        path, datacenter = folders[vm.parent]
        placements[moid] = Placement(
            host_id=vm.host,
            host_name=host.name if host else None,
            cluster_id=cluster.moid if cluster else None,
            cluster_name=cluster.name if cluster else None,
            datacenter_name=datacenter,
            folder=path,
            resource_pool=pools[vm.resource_pool],
        )
    return placements


def datacenter_of(inventory: Inventory, moid: str | None) -> str | None:
    """The name of the datacenter an object hangs in."""
    for _ in range(_MAX_DEPTH):
        if moid is None:
            return None
        if moid in inventory.datacenters:
            return inventory.datacenters[moid].name
        moid = _parent(inventory, moid)
    return None


def _folder_path(inventory: Inventory, moid: str | None) -> tuple[str, str | None]:
    names: list[str] = []
    datacenter = datacenter_of(inventory, moid)
    for _ in range(_MAX_DEPTH):
        folder = inventory.folders.get(moid or "")
        if folder is None:
            break
        names.append(folder.name or folder.moid)
        moid = folder.parent
    # the outermost folder below a datacenter is its hidden "vm" folder
    if moid in inventory.datacenters and names:
        names.pop()
    return "/".join(reversed(names)), datacenter


def _pool_path(inventory: Inventory, moid: str | None) -> str:
    names: list[str] = []
    for _ in range(_MAX_DEPTH):
        pool = inventory.resource_pools.get(moid or "")
        if pool is None or pool.parent not in inventory.resource_pools:
            break  # the root pool ("Resources") is not named
        names.append(pool.name or pool.moid)
        moid = pool.parent
    return "/".join(reversed(names))


def _parent(inventory: Inventory, moid: str) -> str | None:
    for kind in (
        inventory.folders,
        inventory.vms,
        inventory.hosts,
        inventory.clusters,
        inventory.compute_resources,
        inventory.datastores,
        inventory.storage_pods,
        inventory.networks,
        inventory.switches,
        inventory.portgroups,
        inventory.resource_pools,
    ):
        if moid in kind:
            return kind[moid].parent
    return None
