"""The plan of an estate: plain values from which the pyVmomi objects are made. Units are in the names."""

from datetime import timedelta
from typing import Literal

from agent.dataclass import dataclass
from agent.simulator.estate.names import GuestOs, System

GIB = 1024**3
MIB = 1024**2

# The managed object ids of the parts that every municipality has once.
STANDALONE = "domain-s90"
STANDALONE_POOL = "resgroup-91"
STANDALONE_HOST = "host-299"
LOCAL_DATASTORE = "datastore-498"
NFS_DATASTORE = "datastore-499"
POD = "group-p7"
VM_NETWORK = "network-601"
BACKUP_NETWORK = "network-602"
UPLINKS = "dvportgroup-701"
SWITCH = "dvs-700"

DiskKind = Literal["thin", "lazy", "eager", "rdm", "multi-writer", "independent"]
Tools = Literal["current", "outdated", "stopped", "absent"]
Cdrom = Literal["client", "iso", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskPlan:
    """A virtual disk: its size, the share of it that was ever written, and the share free inside the guest."""

    size_gib: int
    written: float
    guest_free: float
    kind: DiskKind = "thin"


@dataclass(frozen=True, slots=True, kw_only=True)
class NicPlan:
    """A network card on the network or portgroup with managed object id `network`."""

    network: str
    mac: str
    ip: str
    model: Literal["vmxnet3", "e1000", "e1000e"] = "vmxnet3"
    connected: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotPlan:
    """One snapshot of a chain, oldest first; `delta` is what was written after it."""

    moid: str
    name: str
    description: str
    age: timedelta
    delta_bytes: int
    quiesced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VmPlan:
    """A virtual machine: what it is, where it is, and what is odd about it."""

    moid: str
    name: str
    system: System
    os: GuestOs
    uuid: str
    instance_uuid: str
    cpus: int
    memory_mib: int
    disks: tuple[DiskPlan, ...]
    nics: tuple[NicPlan, ...]
    host: str
    datastore: str
    folder: str
    pool: str
    age: timedelta
    uptime: timedelta
    backup_age: timedelta | None
    hardware: str = "vmx-19"
    power: Literal["poweredOn", "poweredOff", "suspended"] = "poweredOn"
    connection: Literal["connected", "orphaned", "inaccessible"] = "connected"
    tools: Tools = "current"
    cdrom: Cdrom = "client"
    template: bool = False
    snapshots: tuple[SnapshotPlan, ...] = ()
    cpu_limit_mhz: int = -1
    memory_limit_mib: int = -1
    cpu_reservation_mhz: int = 0
    memory_reservation_mib: int = 0
    consolidation_needed: bool = False
    clean_power_off: bool = True
    encrypted: bool = False
    fault_tolerant: bool = False
    usb_dongle: bool = False
    floppy: bool = False
    question: str | None = None
    vapp: str | None = None
    managed_by: str | None = None
    upgrade_scheduled: bool = False
    tagged: bool = False
    directory: str | None = None

    @property
    def home(self) -> str:
        """The directory on the datastore: the VM's name, unless another VM of that name was there first."""
        return (self.directory or self.name).replace("/", "%2f")

    @property
    def file_stem(self) -> str:
        """What the names of its files begin with: a slash in the name of a VM is escaped, as vCenter does it."""
        return self.name.replace("/", "%2f")

    @property
    def running(self) -> bool:
        """Whether the guest runs and vCenter can see it."""
        return self.power == "poweredOn" and self.connection == "connected"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostPlan:
    """An ESXi host. `compute` is its cluster or its own compute resource."""

    moid: str
    number: int
    name: str
    compute: str
    in_cluster: bool
    uptime: timedelta
    datastores: tuple[str, ...]
    master: bool = False
    dead_path: bool = False
    link_down: bool = False
    yellow_sensor: bool = False
    ssh_running: bool = False
    reboot_required: bool = False
    certificate_days_left: int = 1400


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterPlan:
    """A cluster with its root resource pool."""

    moid: str
    name: str
    pool: str
    test: bool
    hosts: tuple[str, ...]
    ha: bool = True
    datastores: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DatastorePlan:
    """A datastore; `pod` is the StoragePod it is in. `full` is the share in use that its capacity is chosen for."""

    moid: str
    name: str
    kind: Literal["VMFS", "NFS"]
    number: int
    full: float
    local: bool = False
    pod: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkPlan:
    """A network: a standard portgroup, or (`distributed`) a portgroup of the distributed switch."""

    moid: str
    name: str
    vlan: int
    distributed: bool
    uplink: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolPlan:
    """A resource pool (or vApp) below `parent`, in the compute resource `owner`."""

    moid: str
    name: str
    parent: str
    owner: str
    vapp: bool = False
    cpu_limit_mhz: int = -1
    memory_limit_mib: int = -1
    cpu_reservation_mhz: int = 0
    memory_reservation_mib: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePlan:
    """A whole estate."""

    clusters: tuple[ClusterPlan, ...]
    hosts: tuple[HostPlan, ...]
    datastores: tuple[DatastorePlan, ...]
    networks: tuple[NetworkPlan, ...]
    pools: tuple[PoolPlan, ...]
    folders: tuple[tuple[str, str], ...]
    vms: tuple[VmPlan, ...]
