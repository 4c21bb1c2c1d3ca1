"""Worlds made by hand for the status page: one estate with a bit of everything, and one as large as you like."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from agent.model.about import About
from agent.model.alarm import AlarmDefinition, TriggeredAlarm
from agent.model.cluster import ClusterComputeResource
from agent.model.datastore import Datastore
from agent.model.folder import Datacenter, Folder
from agent.model.host import HostSystem
from agent.model.inventory import Inventory, Skipped, Unreadable
from agent.model.snapshot import SnapshotNode
from agent.model.virtual_machine import VirtualMachine
from agent.model.world import CollectorStatus, Problem, Target, World

NOW = datetime(2026, 11, 24, 7, 51, 45, tzinfo=UTC)
GIB = 1024**3
TIB = 1024**4


def ago(**how_long: float) -> datetime:
    return NOW - timedelta(**how_long)


def host(number: int, **changes: Any) -> HostSystem:
    known = HostSystem(
        moid=f"host-{number}",
        name=f"esx{number}.example.test",
        parent="domain-c1",
        vms=(f"vm-{number}", f"vm-{number}0"),
        connection_state="connected",
        power_state="poweredOn",
        in_maintenance_mode=False,
        boot_time=ago(days=40 + number),
        version="8.0.3",
        build="24022510",
        cpu_mhz=2600,
        cpu_cores=32,
        cpu_usage_mhz=9000 * number,
        memory_bytes=512 * GIB,
        memory_usage_mib=110_000 * number,
    )
    return replace(known, **changes)


def datastore(number: int, **changes: Any) -> Datastore:
    known = Datastore(
        moid=f"datastore-{number}",
        name=f"SAN-{number:02}",
        kind="VMFS",
        accessible=True,
        maintenance_mode="normal",
        capacity_bytes=10 * TIB,
        free_bytes=4 * TIB + number * 100 * GIB,
        vms=("vm-1",),
    )
    return replace(known, **changes)


def machine(number: int, name: str | None, **changes: Any) -> VirtualMachine:
    known = VirtualMachine(
        moid=f"vm-{number}",
        name=name,
        instance_uuid=f"5000-{number}",
        template=False,
        parent="group-v2",
        host=f"host-{number % 4 + 1}",
        power_state="poweredOn",
        connection_state="connected",
        heartbeat="green",
        guest_os="Microsoft Windows Server 2022 (64-bit)" if number % 3 else "Debian GNU/Linux 12 (64-bit)",
        ip_address=f"10.20.{number // 250}.{number % 250}",
        cpus=4,
        memory_mib=16_384,
        cpu_usage_mhz=(number * 613) % 5000,
        max_cpu_usage_mhz=10_400,
        memory_active_mib=(number * 977) % 16_384,
        tools_running_status="guestToolsRunning",
        tools_version_status="guestToolsCurrent" if number % 4 else "guestToolsNeedUpgrade",
        uptime_s=3600 * 31 * number,
    )
    return replace(known, **changes)


def inventory(**changes: Any) -> Inventory:
    """Four hosts, a few VMs and datastores, all of them well."""
    hosts = [host(1), host(2), host(3), host(4)]
    names = ["erp-app-01", "erp-app-02", "erp-db-01", "dns-01", "dns-02", "mail-01", "print-01", "web-01", "web-02"]
    vms = [machine(number, name) for number, name in enumerate(names, start=1)]
    datastores = [datastore(1), datastore(2), datastore(3, kind="NFS41")]
    healthy = Inventory(
        about=About(full_name="VMware vCenter Server 8.0.3 build-24022515", version="8.0.3"),
        root_folder="group-d1",
        confirmed_at=ago(seconds=4),
        quick_read_at=ago(seconds=14),
        slow_read_at=ago(minutes=3),
        vms=by_moid(vms),
        hosts=by_moid(hosts),
        clusters={"domain-c1": ClusterComputeResource(moid="domain-c1", name="Production", parent="group-h1")},
        datastores=by_moid(datastores),
        folders={
            "group-v1": Folder(moid="group-v1", name="vm", parent="datacenter-1"),
            "group-v2": Folder(moid="group-v2", name="ERP", parent="group-v1"),
        },
        datacenters={"datacenter-1": Datacenter(moid="datacenter-1", name="Town hall", parent="group-d1")},
        alarm_definitions={
            "alarm-1": AlarmDefinition(moid="alarm-1", name="Host connection and power state"),
            "alarm-2": AlarmDefinition(moid="alarm-2", name="Datastore usage on disk"),
        },
    )
    return replace(healthy, **changes)


def by_moid(items: list[Any]) -> Mapping[str, Any]:
    return {item.moid: item for item in items}


def target(name: str = "vc-a", known: Inventory | None = None, **changes: Any) -> Target:
    status = CollectorStatus(interval_s=20, runs=900, last_success=known.confirmed_at if known else None)
    up = Target(
        name=name,
        address=f"{name}.example.test",
        up=known is not None,
        connected_since=ago(days=3, hours=4),
        clock_offset_s=0.4,
        certificate_expires=NOW + timedelta(days=400),
        inventory=known,
        collectors={"inventory": status},
    )
    return replace(up, **changes)


def world(*targets: Target) -> World:
    return World(version="0.1.0", started_at=ago(days=3), targets={item.name: item for item in targets})


def healthy_world() -> World:
    return world(target(known=inventory()))


def troubled_inventory() -> Inventory:
    """Something of everything that can be wrong."""
    well = inventory()
    hosts = [
        host(1),
        host(2, connection_state="notResponding", cpu_usage_mhz=None, memory_usage_mib=None),
        host(3, in_maintenance_mode=True, memory_usage_mib=498_000),
        host(4, version=None, build=None, boot_time=None),
    ]
    snapshot = SnapshotNode(name="before patch", children=(SnapshotNode(name="after patch"),))
    vms = [
        machine(1, "erp-app-01", connection_state="disconnected"),
        machine(2, "erp-app-02", heartbeat="red"),
        machine(3, "erp-db-01", question="The disk is locked by another process. Cancel or retry?"),
        machine(4, "file-01", consolidation_needed=True, snapshots=(snapshot,)),
        machine(5, "test-01", power_state="poweredOff", uptime_s=0, cpu_usage_mhz=0, heartbeat="gray"),
        machine(6, None, guest_os=None, ip_address=None, cpus=None, memory_mib=None, power_state=None),
        machine(7, "<script>document.title='hacked'</script>"),
        machine(8, "golden-image", template=True),
    ]
    datastores = [
        datastore(1, free_bytes=500 * GIB),
        datastore(2, accessible=False, free_bytes=0),
        datastore(3, capacity_bytes=None, free_bytes=None),
    ]
    alarms = (
        TriggeredAlarm(
            key="k1", entity="host-2", alarm="alarm-1", status="red", since=ago(minutes=12), acknowledged=False
        ),
        TriggeredAlarm(
            key="k2",
            entity="datastore-1",
            alarm="alarm-2",
            status="yellow",
            since=ago(hours=7),
            acknowledged=True,
            acknowledged_by="EXAMPLE\\ops",
        ),
    )
    folders = {**well.folders, "group-d1": Folder(moid="group-d1", name="Datacenters", alarms=alarms)}
    return replace(
        well,
        hosts=by_moid(hosts),
        vms=by_moid(vms),
        datastores=by_moid(datastores),
        folders=folders,
        unreadable=(
            Unreadable(
                vsphere_type="vim.HostSystem",
                moid="host-1",
                path="config.option",
                fault="NoPermission",
                privilege="Global.Settings",
            ),
            Unreadable(
                vsphere_type="vim.VirtualMachine",
                moid="vm-7",
                path="snapshot.rootSnapshotList",
                fault="NoPermission",
                privilege="System.Read",
            ),
        ),
        skipped=(
            Skipped(
                vsphere_type="vim.VirtualMachine",
                moid="vm-4",
                path="config.hardware",
                reason="unknown type VirtualQuantumDisk",
            ),
        ),
    )


def troubled_world() -> World:
    """One vCenter full of trouble, one that fell silent, one that refuses the login."""
    silent = target("vc-b", replace(inventory(), confirmed_at=ago(minutes=3)), up=False)
    silent_problem = Problem(
        kind="unreachable",
        problem="vc-b.example.test:443 does not answer (connection timed out)",
        cure="check the network path and that vCenter runs",
        since=ago(minutes=3),
    )
    refused = Problem(
        kind="login_refused",
        problem="vc-c.example.test refused the user or the password",
        cure="correct the password; the agent will not try again before it changes",
        since=ago(hours=2),
    )
    return world(
        target("vc-a", troubled_inventory(), clock_offset_s=-42.0),
        replace(silent, problem=silent_problem),
        target("vc-c", None, problem=refused, login_blocked=True, connected_since=None, clock_offset_s=None),
    )


def large_world(vms: int) -> World:
    many = [machine(number, f"vm-{number:04}") for number in range(1, vms + 1)]
    return world(target(known=inventory(vms=by_moid(many))))
