"""One vCenter's inventory with what its tabs look up again and again, found once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from agent.dataclass import dataclass
from agent.model.cluster import ClusterComputeResource, ClusterRule, VmHaOverride
from agent.model.host import HostSystem
from agent.model.inventory import Inventory
from agent.model.labelling import Labels
from agent.model.placement import Placement, datacenter_of, place_vms
from agent.model.virtual_machine import CustomValue, VirtualMachine
from agent.model.world import Target, World

_DEEPEST_POOL = 32  # a chain of pools longer than this is a loop in bad data


class HostPlace(NamedTuple):
    """The names of what a host stands in."""

    cluster: str | None
    datacenter: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One vCenter as the tabs read it; `now` is when the workbook is made, on the agent's clock."""

    target: Target
    inventory: Inventory
    now: datetime
    placements: Mapping[str, Placement]
    host_places: Mapping[str, HostPlace]
    rules: Mapping[str, tuple[ClusterRule, ...]]
    """cluster rules by the moid of each VM they are about"""
    ha_overrides: Mapping[str, tuple[ClusterComputeResource, VmHaOverride | None]]
    """the HA cluster of each VM, and what the VM has of its own"""
    portgroups: Mapping[str, tuple[str | None, str | None]]
    """portgroup and switch names by the key that virtual network cards refer to"""

    @property
    def server(self) -> str:
        """What RVTools calls the VI SDK Server."""
        return self.target.address

    @property
    def uuid(self) -> str | None:
        """What RVTools calls the VI SDK UUID."""
        return self.inventory.about.instance_uuid

    def labels(self, moid: str, values: Iterable[CustomValue] | None) -> Mapping[str, str]:
        """Custom attributes and tags of an object, as columns."""
        labelling = self.target.labelling
        attributes = labelling.attributes_of(values, self.inventory.custom_fields)
        return Labels(attributes=attributes, tags=labelling.tags_of(moid)).columns()

    def vms(self) -> list[VirtualMachine]:
        """By name."""
        return sorted(self.inventory.vms.values(), key=_by_name)

    def hosts(self) -> list[HostSystem]:
        """By name."""
        return sorted(self.inventory.hosts.values(), key=_by_name)

    def running(self, moids: Iterable[str] | None) -> list[VirtualMachine]:
        """Of these VMs those that are powered on."""
        return [vm for vm in self.vms_of(moids) if vm.power_state == "poweredOn"]

    def vms_of(self, moids: Iterable[str] | None) -> list[VirtualMachine]:
        """Of these VMs those that are seen."""
        found = (self.inventory.vms.get(moid) for moid in moids or ())
        return [vm for vm in found if vm is not None]

    def datacenter(self, moid: str) -> str | None:
        """The name of the datacenter that an object hangs in."""
        return datacenter_of(self.inventory, moid)

    def pool_path(self, moid: str | None) -> str | None:
        """`/Datacenter/Cluster/Resources/Pool`; None where the pool is not seen."""
        names: list[str] = []
        owner = None
        for _ in range(_DEEPEST_POOL):
            pool = self.inventory.resource_pools.get(moid or "")
            if pool is None:
                break
            names.append(pool.name or pool.moid)
            owner, moid = pool.owner, pool.parent
        if not names:
            return None
        if owner is not None:
            names += [self.inventory.named(owner) or owner, self.datacenter(owner) or ""]
        return "/" + "/".join(name for name in reversed(names) if name)


def sources(world: World, now: datetime) -> tuple[Source, ...]:
    """Every vCenter that was read and is current."""
    found = ((target, target.visible_inventory(now)) for target in world.targets.values())
    return tuple(_source(target, inventory, now) for target, inventory in found if inventory is not None)


def _source(target: Target, inventory: Inventory, now: datetime) -> Source:
    return Source(
        target=target,
        inventory=inventory,
        now=now,
        placements=place_vms(inventory),
        host_places={moid: _host_place(inventory, host) for moid, host in inventory.hosts.items()},
        rules=_rules(inventory),
        ha_overrides=_ha_overrides(inventory),
        portgroups={
            group.key or moid: (group.name, inventory.named(group.switch))
            for moid, group in inventory.portgroups.items()
        },
    )


def _by_name(item: VirtualMachine | HostSystem) -> tuple[str, str]:
    return (item.name or "").casefold(), item.moid


def _host_place(inventory: Inventory, host: HostSystem) -> HostPlace:
    cluster = inventory.clusters.get(host.parent or "")
    return HostPlace(cluster.name if cluster else None, datacenter_of(inventory, host.moid))


def _rules(inventory: Inventory) -> dict[str, tuple[ClusterRule, ...]]:
    found: defaultdict[str, tuple[ClusterRule, ...]] = defaultdict(tuple)
    for cluster in inventory.clusters.values():
        groups = {group.name: group.vms or () for group in cluster.groups or ()}
        for rule in cluster.rules or ():
            for vm in rule.affine_vms or rule.anti_affine_vms or groups.get(rule.vm_group, ()):
                found[vm] += (rule,)
    return dict(found)


def _ha_overrides(inventory: Inventory) -> dict[str, tuple[ClusterComputeResource, VmHaOverride | None]]:
    found: dict[str, tuple[ClusterComputeResource, VmHaOverride | None]] = {}
    overrides = {
        cluster.moid: {override.vm: override for override in cluster.ha_overrides or ()}
        for cluster in inventory.clusters.values()
    }
    for moid, vm in inventory.vms.items():
        host = inventory.hosts.get(vm.host or "")
        cluster = inventory.clusters.get(host.parent or "") if host is not None else None
        if cluster is not None and cluster.ha_enabled:
            found[moid] = (cluster, overrides[cluster.moid].get(moid))
    return found
