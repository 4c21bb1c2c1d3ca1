"""Small worlds made by hand: one where every metric has a value, and one where vCenter told nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from agent.model.about import About
from agent.model.alarm import AlarmDefinition
from agent.model.availability import State
from agent.model.cluster import ClusterComputeResource
from agent.model.datastore import Datastore, StoragePod
from agent.model.folder import Datacenter, Folder
from agent.model.host import HostSystem
from agent.model.inventory import Inventory, Skipped, Unreadable
from agent.model.labelling import Labelling
from agent.model.licence import Licence
from agent.model.network import DistributedVirtualPortgroup, Network
from agent.model.resource_pool import ResourcePool
from agent.model.tag_pair import TagPair
from agent.model.virtual_machine import VirtualMachine
from agent.model.world import (
    CallStatistics,
    CollectorStatus,
    LedgerStatus,
    Problem,
    RemoteWriteStatus,
    Target,
    VmAvailability,
    World,
)
from tests.world_claims import CLAIMS
from tests.world_health import HEALTH
from tests.world_performance import performance_of
from tests.world_platform import CLUSTER, DATASTORE, HOST, LOST_DATASTORE, POOL, SECOND_HOST
from tests.world_vms import AWKWARD_VM, BIG_VM, NOW, SILENT_VM


def _by_moid(objects: Sequence[Any]) -> dict[str, Any]:
    return {one.moid: one for one in objects}


INVENTORY = Inventory(
    about=About(name="VMware vCenter Server", version="8.0.3", build="24305161", api_type="VirtualCenter"),
    root_folder="group-d1",
    confirmed_at=NOW,
    vms=_by_moid((BIG_VM, AWKWARD_VM, SILENT_VM)),
    hosts=_by_moid((HOST, SECOND_HOST)),
    clusters=_by_moid((CLUSTER,)),
    datastores=_by_moid((DATASTORE, LOST_DATASTORE)),
    storage_pods=_by_moid(
        (
            StoragePod(
                moid="group-p6",
                name="SAN",
                parent="group-s1",
                datastores=("datastore-21",),
                capacity_bytes=1,
                free_bytes=0,
                drs_enabled=False,
            ),
        )
    ),
    resource_pools=_by_moid(
        (POOL, ResourcePool(moid="resgroup-10", name="Økonomi", parent="resgroup-9", owner="domain-c8"))
    ),
    networks=_by_moid((Network(moid="network-31", name="VM Network", accessible=True, hosts=("host-11",), vms=()),)),
    portgroups=_by_moid(
        (
            DistributedVirtualPortgroup(
                moid="dvportgroup-41", name="VLAN 120", hosts=("host-11", "host-12"), vms=("vm-101",), ports=8
            ),
        )
    ),
    folders=_by_moid(
        (
            Folder(moid="group-v2", name="vm", parent="datacenter-2"),
            Folder(moid="group-v3", name="Skole", parent="group-v2"),
            Folder(moid="group-v4", name="Drift", parent="group-v3"),
            Folder(moid="group-h5", name="host", parent="datacenter-2"),
            Folder(moid="group-s1", name="datastore", parent="datacenter-2"),
        )
    ),
    datacenters=_by_moid((Datacenter(moid="datacenter-2", name="Rådhuset", parent="group-d1"),)),
    alarm_definitions=_by_moid((AlarmDefinition(moid="alarm-7", name="Virtual machine CPU usage"),)),
    licences=(
        Licence(
            id="4be1",
            name="vSphere 8 Enterprise Plus",
            edition="esx.enterprisePlus.cpuPackageCoreLimited",
            cost_unit="cpuPackage",
            total=8,
            used=0,
            expires=datetime(2027, 1, 1, tzinfo=UTC),
        ),
    ),
    custom_fields={101: "Owner", 102: "Root password"},
    unreadable=(
        Unreadable(
            vsphere_type="VirtualMachine",
            moid="vm-103",
            path="runtime.question.text",
            fault="NoPermission",
            privilege="System.Read",
        ),
    ),
    skipped=(Skipped(vsphere_type="HostSystem", moid="host-12", path="config.option", reason="not a number"),),
)

READ = CollectorStatus(interval_s=60, runs=10, failures=1, last_success=NOW, last_duration_s=0.25)

TARGET = Target(
    name="vc1",
    address="vc1.kommune.example",
    up=True,
    connected_since=NOW - timedelta(hours=1),
    clock_offset_s=-0.5,
    certificate_expires=datetime(2027, 6, 1, tzinfo=UTC),
    inventory=INVENTORY,
    performance=performance_of(INVENTORY),
    labelling=Labelling(
        attributes=frozenset({"Owner"}),
        categories=frozenset({"Tier"}),
        tags=dict.fromkeys(
            ("vm-102", "host-11", "domain-c8", "datastore-21"), (TagPair(category="Tier", tag='"guld"'),)
        ),
    ),
    collectors={"inventory": READ, "performance": READ, "quick": READ, "slow": replace(READ, interval_s=900)},
    calls=CallStatistics(
        calls={"Login": 1, "WaitForUpdatesEx": 12},
        seconds={"Login": 0.1, "WaitForUpdatesEx": 600.25},
        errors={"unreachable": 2},
        bytes_received=12_345_678,
        logins=1,
    ),
    health=HEALTH,
    ledger=LedgerStatus(
        covered_until=NOW - timedelta(seconds=5),
        event_lag_s=5,
        retention_days=30,
        events={"VmPoweredOffEvent": 3, "com.vmware.vc.HA.DasHostFailedEvent": 1},
        chain_valid=True,
        chain_rows=120,
        verified_at=NOW,
        judged_until=NOW - timedelta(seconds=5),
        vms={
            str(BIG_VM.instance_uuid): VmAvailability(
                name=str(BIG_VM.name),
                state=State.UP,
                since=NOW - timedelta(hours=2),
                month_outages=1,
                month_down_s=61.5,
                month_unknown_s=0,
                outages=3,
                down_s=5400.5,
                unknown_s=120,
            )
        },
    ),
)

AWAY = Target(
    name="vc2",
    address="vc2.kommune.example",
    problem=Problem(kind="login_refused", problem="vCenter refused the login", cure="change the password", since=NOW),
    login_blocked=True,
)

WORLD = World(
    version="0.1.0",
    started_at=NOW - timedelta(days=2),
    targets={"vc1": TARGET, "vc2": AWAY},
    claims=CLAIMS,
    remote_write=RemoteWriteStatus(sent=86_400, refused=10, dropped=3, waiting_bytes=4_096, last_success=NOW),
)


def with_inventory(world: World, inventory: Inventory) -> World:
    """The world after vc1 was read anew."""
    return replace(world, targets={**world.targets, "vc1": replace(world.targets["vc1"], inventory=inventory)})


def with_vm(world: World, vm: VirtualMachine) -> World:
    """The world after one VM of vc1 changed."""
    inventory = world.targets["vc1"].inventory
    assert inventory is not None
    return with_inventory(world, replace(inventory, vms={**inventory.vms, vm.moid: vm}))


def silent_world() -> World:
    """vCenter names one object of each kind and tells nothing else."""
    return with_inventory(
        WORLD,
        Inventory(
            about=About(),
            root_folder="group-d1",
            confirmed_at=NOW,
            vms=_by_moid((SILENT_VM,)),
            hosts=_by_moid((HostSystem(moid="host-11"),)),
            clusters=_by_moid((ClusterComputeResource(moid="domain-c8"),)),
            datastores=_by_moid((Datastore(moid="datastore-21"),)),
            storage_pods=_by_moid((StoragePod(moid="group-p6"),)),
            resource_pools=_by_moid((ResourcePool(moid="resgroup-9"),)),
            networks=_by_moid((Network(moid="network-31"),)),
            portgroups=_by_moid((DistributedVirtualPortgroup(moid="dvportgroup-41"),)),
            licences=(Licence(),),
        ),
    )
