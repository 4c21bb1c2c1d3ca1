"""The kinds of objects that checks look at, and the conditions under which a check applies to one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any

from agent.dataclass import dataclass
from agent.health.vcenter_facts import VCenter
from agent.model.cluster import ClusterComputeResource
from agent.model.datastore import Datastore, StoragePod
from agent.model.folder import Datacenter, Folder
from agent.model.host import HostSystem
from agent.model.network import DistributedVirtualPortgroup, DistributedVirtualSwitch, Network
from agent.model.resource_pool import ResourcePool
from agent.model.virtual_machine import VirtualMachine

if TYPE_CHECKING:
    from agent.health.look import Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of object: what it is called in metrics, the model's record, and where its objects are found."""

    name: str
    record: type
    objects: "Callable[[Look], Iterable[Any]]"
    slot: str | None = None
    """where in the Inventory they stand"""


def _in(slot: str) -> "Callable[[Look], Iterable[Any]]":
    return lambda look: getattr(look.inventory, slot).values()


VM = Kind(name="vm", record=VirtualMachine, objects=_in("vms"), slot="vms")
HOST = Kind(name="host", record=HostSystem, objects=_in("hosts"), slot="hosts")
CLUSTER = Kind(name="cluster", record=ClusterComputeResource, objects=_in("clusters"), slot="clusters")
DATASTORE = Kind(name="datastore", record=Datastore, objects=_in("datastores"), slot="datastores")
POD = Kind(name="storage_pod", record=StoragePod, objects=_in("storage_pods"), slot="storage_pods")
POOL = Kind(name="resource_pool", record=ResourcePool, objects=_in("resource_pools"), slot="resource_pools")
NETWORK = Kind(name="network", record=Network, objects=_in("networks"), slot="networks")
SWITCH = Kind(name="switch", record=DistributedVirtualSwitch, objects=_in("switches"), slot="switches")
PORTGROUP = Kind(name="portgroup", record=DistributedVirtualPortgroup, objects=_in("portgroups"), slot="portgroups")
FOLDER = Kind(name="folder", record=Folder, objects=_in("folders"), slot="folders")
DATACENTER = Kind(name="datacenter", record=Datacenter, objects=_in("datacenters"), slot="datacenters")
VCENTER = Kind(name="vcenter", record=VCenter, objects=lambda look: (look.vcenter,))
"""the vCenter itself: its clock, certificate, licences, events, and how we stand with it"""

_ENTITIES = (
    "vms", "hosts", "clusters", "compute_resources", "datastores", "storage_pods", "resource_pools", "networks",
    "switches", "portgroups", "folders", "datacenters",
)  # fmt: skip
ENTITY = Kind(
    name="entity",
    record=VirtualMachine,
    objects=lambda look: (item for slot in _ENTITIES for item in getattr(look.inventory, slot).values()),
)
"""any managed object; what is said of VMs in the catalogue holds of all kinds"""

KINDS = (VM, HOST, CLUSTER, DATASTORE, POD, POOL, NETWORK, SWITCH, PORTGROUP, FOLDER, DATACENTER, VCENTER, ENTITY)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class When:
    """When a check applies to an object. `fields` must be known to tell; `example` holds values for which it does."""

    words: str
    fields: tuple[str, ...]
    test: Callable[[Any], bool]
    example: Mapping[str, Any] = field(default_factory=dict)


MACHINE = When(
    words="every VM that is no template",
    fields=("template",),
    test=lambda vm: not vm.template,
    example={"template": False},
)
RUNNING = When(
    words="VMs that are on and within vCenter's reach",
    fields=("template", "power_state", "connection_state"),
    test=lambda vm: not vm.template and vm.power_state == "poweredOn" and vm.connection_state == "connected",
    example={"template": False, "power_state": "poweredOn", "connection_state": "connected"},
)
OFF = When(
    words="VMs that are switched off",
    fields=("template", "power_state", "connection_state"),
    test=lambda vm: not vm.template and vm.power_state == "poweredOff" and vm.connection_state == "connected",
    example={"template": False, "power_state": "poweredOff", "connection_state": "connected"},
)
CONNECTED = When(
    words="hosts that vCenter is connected to",
    fields=("connection_state",),
    test=lambda host: host.connection_state == "connected",
    example={"connection_state": "connected"},
)
OWN_POOL = When(
    words="resource pools that somebody made",
    fields=("parent", "owner"),
    test=lambda pool: pool.parent != pool.owner,
    example={"parent": "resgroup-1", "owner": "domain-c1"},
)
"""The root pool of a host or cluster is as large as that is."""
HA_CLUSTER = When(
    words="clusters with HA",
    fields=("ha_enabled",),
    test=lambda cluster: cluster.ha_enabled,
    example={"ha_enabled": True},
)
ADMISSION = When(
    words="clusters with HA and admission control",
    fields=("ha_enabled", "admission_control"),
    test=lambda cluster: cluster.ha_enabled and cluster.admission_control,
    example={"ha_enabled": True, "admission_control": True},
)
DRS_CLUSTER = When(
    words="clusters with DRS",
    fields=("drs_enabled",),
    test=lambda cluster: cluster.drs_enabled,
    example={"drs_enabled": True},
)
