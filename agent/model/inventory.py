"""Everything read from one vCenter, frozen."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import datetime
from typing import TypeAlias

from agent.dataclass import dataclass
from agent.model.about import About
from agent.model.alarm import AlarmDefinition, TriggeredAlarm
from agent.model.cluster import ClusterComputeResource, ComputeResource
from agent.model.datastore import Datastore, StoragePod
from agent.model.folder import Datacenter, Folder
from agent.model.host import HostSystem
from agent.model.licence import Licence
from agent.model.network import DistributedVirtualPortgroup, DistributedVirtualSwitch, Network
from agent.model.resource_pool import ResourcePool
from agent.model.virtual_machine import VirtualMachine

ManagedObject: TypeAlias = (
    VirtualMachine
    | HostSystem
    | ClusterComputeResource
    | ComputeResource
    | Datastore
    | StoragePod
    | ResourcePool
    | Network
    | DistributedVirtualSwitch
    | DistributedVirtualPortgroup
    | Folder
    | Datacenter
    | AlarmDefinition
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A property vCenter refused (`missingSet`): unknown, never zero. `privilege` is what the account lacks."""

    vsphere_type: str
    moid: str
    path: str
    fault: str
    privilege: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """An object or a property whose value could not be understood; `path` is empty for a whole object."""

    vsphere_type: str
    moid: str
    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HostClock:
    """A host's own clock: how many seconds it is ahead of ours, and when we asked, on the agent's clock."""

    ahead_s: float
    read_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """One vCenter's objects by moid. `confirmed_at` is when vCenter last answered, on the agent's clock."""

    about: About
    root_folder: str
    confirmed_at: datetime
    quick_read_at: datetime | None = None
    slow_read_at: datetime | None = None
    vms: Mapping[str, VirtualMachine] = field(default_factory=dict)
    hosts: Mapping[str, HostSystem] = field(default_factory=dict)
    clusters: Mapping[str, ClusterComputeResource] = field(default_factory=dict)
    compute_resources: Mapping[str, ComputeResource] = field(default_factory=dict)
    datastores: Mapping[str, Datastore] = field(default_factory=dict)
    storage_pods: Mapping[str, StoragePod] = field(default_factory=dict)
    resource_pools: Mapping[str, ResourcePool] = field(default_factory=dict)
    networks: Mapping[str, Network] = field(default_factory=dict)
    switches: Mapping[str, DistributedVirtualSwitch] = field(default_factory=dict)
    portgroups: Mapping[str, DistributedVirtualPortgroup] = field(default_factory=dict)
    folders: Mapping[str, Folder] = field(default_factory=dict)
    datacenters: Mapping[str, Datacenter] = field(default_factory=dict)
    alarm_definitions: Mapping[str, AlarmDefinition] = field(default_factory=dict)
    licences: tuple[Licence, ...] | None = None
    custom_fields: Mapping[int, str] | None = None
    host_clocks: Mapping[str, HostClock] = field(default_factory=dict)
    """by the host's moid"""
    unreadable: tuple[Unreadable, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    def named(self, moid: str | None) -> str | None:
        """The name of any object, or None if it is not seen."""
        if moid is None:
            return None
        for kind in self._by_kind():
            if moid in kind:
                return kind[moid].name
        return None

    def triggered_alarms(self) -> Iterator[TriggeredAlarm]:
        """Every alarm once, from the object it stands on (parents list their children's alarms too)."""
        seen = set()
        for kind in self._by_kind():
            for item in kind.values():
                for alarm in getattr(item, "alarms", None) or ():
                    if alarm.key not in seen:
                        seen.add(alarm.key)
                        yield alarm

    def _by_kind(self) -> tuple[Mapping[str, ManagedObject], ...]:
        return (
            self.vms,
            self.hosts,
            self.clusters,
            self.compute_resources,
            self.datastores,
            self.storage_pods,
            self.resource_pools,
            self.networks,
            self.switches,
            self.portgroups,
            self.folders,
            self.datacenters,
        )
