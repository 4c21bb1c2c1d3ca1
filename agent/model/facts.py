"""What the ledger keeps of an object from day to day, and of each hour: what claims and bills are checked against.

All times are UTC on vCenter's clock, `learned_at` on the agent's.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import NamedTuple, TypeAlias

from agent.dataclass import dataclass
from agent.model.cluster import ClusterComputeResource, ComputeResource
from agent.model.datastore import Datastore, StoragePod
from agent.model.folder import Datacenter, Folder
from agent.model.host import HostSystem
from agent.model.network import DistributedVirtualPortgroup, DistributedVirtualSwitch, Network
from agent.model.resource_pool import ResourcePool
from agent.model.virtual_machine import VirtualMachine

KeptRecord: TypeAlias = (
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
)

KINDS: Mapping[str, type[KeptRecord]] = {
    "vms": VirtualMachine,
    "hosts": HostSystem,
    "clusters": ClusterComputeResource,
    "compute_resources": ComputeResource,
    "datastores": Datastore,
    "storage_pods": StoragePod,
    "resource_pools": ResourcePool,
    "networks": Network,
    "switches": DistributedVirtualSwitch,
    "portgroups": DistributedVirtualPortgroup,
    "folders": Folder,
    "datacenters": Datacenter,
}
"""The kinds of objects that are kept: the names that `Inventory` has for them, and their records."""

PROMPT: Mapping[str, tuple[str, ...]] = {
    "vms": (
        *("name", "template", "parent", "resource_pool", "host", "datastores", "power_state"),
        *("cpus", "cores_per_socket", "memory_mib", "disks", "hardware_version", "snapshots"),
        *("tools_version_status", "custom_values", "tags", "tag_pairs"),
    ),
    "hosts": (
        *("name", "parent", "connection_state", "power_state", "in_maintenance_mode", "version", "build"),
        *("cpu_cores", "cpu_packages", "memory_bytes"),
    ),
    "clusters": ("name", "parent", "hosts", "ha_enabled", "drs_enabled", "admission_control", "admission_policy"),
    "datastores": ("name", "parent", "capacity_bytes", "accessible", "maintenance_mode"),
}
"""Of these, a change is kept when it is seen; of all else, once a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """An object was seen like this at `at`, and held at least what PROMPT names until the next fact of it."""

    at: datetime
    learned_at: datetime
    unchanged_until: datetime | None
    """until when the fact before certainly held: what changed, changed after it. None for the first of an object"""
    record: KeptRecord | None
    """None: the object had gone"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatastoreHour:
    """A datastore in one hour: how little was free, and of how much. Bytes."""

    least_free_bytes: int
    capacity_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterHour:
    """A cluster in one hour. `None`: could not be told from what vCenter said."""

    fewest_hosts: int
    """hosts that could run VMs: connected, not in maintenance"""
    least_failures_tolerated: int | None
    most_vcpus: int | None
    """of VMs that were powered on"""
    fewest_cores: int | None
    """physical cores of hosts that could run VMs, at the same moment"""


FOUND, UNTOLD = "found", "untold"


class Figure(NamedTuple):
    """What one metric or health check says of one object at one moment."""

    what: str
    """`vsphere_…`, or `check:NAME`"""
    kind: str
    """of the object; of a check FOUND, or UNTOLD for how many objects it could not tell of"""
    object_id: str
    """of a VM its `vm_id`; with the metric's own labels behind it where it has any"""
    name: str
    least: float
    most: float
    """of an hour: the largest that was seen"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HourFacts:
    """One hour of one vCenter, from `start` on. Of all that is compared with a limit, the worst that was seen is kept."""

    start: datetime
    rounds: int
    """how often it was looked, once a minute: 60 is a whole hour"""
    datastores: Mapping[str, DatastoreHour] = field(default_factory=dict)
    """by moid"""
    clusters: Mapping[str, ClusterHour] = field(default_factory=dict)
    """by moid"""
    cpu_ready: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    """by vm_id: seconds spent at each whole per cent of CPU ready per vCPU, each look an average over its time"""
    figures: Mapping[tuple[str, str, str], Figure] = field(default_factory=dict)
    """by what, kind and object: those that the contract names, least and most of the hour"""
