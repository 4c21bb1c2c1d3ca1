"""Virtual machines made by hand: one with everything, one that is awkward, one of which vCenter told nothing."""

from datetime import UTC, datetime, timedelta

from agent.model.alarm import TriggeredAlarm
from agent.model.snapshot import SnapshotNode
from agent.model.virtual_hardware import VirtualDisk
from agent.model.virtual_machine import CustomValue, GuestDisk, VirtualMachine
from agent.model.vm_files import LayoutChainLink, LayoutDisk, LayoutFile, LayoutSnapshot

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
GIB = 1024**3

ALARM = TriggeredAlarm(
    key="alarm-7.vm-101",
    entity="vm-101",
    alarm="alarm-7",
    status="red",
    since=NOW - timedelta(minutes=5),
    acknowledged=False,
)

BIG_VM = VirtualMachine(
    moid="vm-101",
    name="skole-db01",
    instance_uuid="50310b2c-0000-4000-8000-000000000101",
    template=False,
    parent="group-v3",
    host="host-11",
    resource_pool="resgroup-9",
    datastores=("datastore-21",),
    power_state="poweredOn",
    connection_state="connected",
    boot_time=NOW - timedelta(days=41, seconds=7),
    heartbeat="green",
    consolidation_needed=False,
    ha_protected=True,
    alarms=(ALARM,),
    snapshots=(
        SnapshotNode(
            moid="snapshot-1",
            name="before upgrade",
            created=NOW - timedelta(days=9),
            children=(SnapshotNode(moid="snapshot-2", name="after", created=NOW - timedelta(days=8)),),
        ),
    ),
    cpus=8,
    cores_per_socket=4,
    memory_mib=32768,
    cpu_reservation_mhz=0,
    cpu_limit_mhz=-1,
    memory_reservation_mib=2048,
    memory_limit_mib=30720,
    hardware_version="vmx-19",
    firmware="efi",
    configured_os="Microsoft Windows Server 2022 (64-bit)",
    disks=(
        VirtualDisk(key=2000, label="Hard disk 1", capacity_bytes=90 * GIB),
        VirtualDisk(key=2001, label="Hard disk 2", capacity_bytes=600 * GIB),
    ),
    guest_state="running",
    host_name="skole-db01.kommune.example",
    guest_os="Microsoft Windows Server 2022 (64-bit)",
    tools_running_status="guestToolsRunning",
    tools_version_status="guestToolsCurrent",
    tools_version="12389",
    guest_disks=(
        GuestDisk(path="C:\\", capacity_bytes=96_000_000_000, free_bytes=0),
        GuestDisk(path="D:\\", capacity_bytes=640_000_000_000, free_bytes=123_456_789_012),
    ),
    cpu_usage_mhz=3120,
    cpu_demand_mhz=3301,
    memory_active_mib=4096,
    memory_consumed_mib=31999,
    memory_overhead_consumed_mib=181,
    memory_swapped_mib=0,
    memory_ballooned_mib=0,
    memory_compressed_kib=12,
    uptime_s=3_542_400,
    storage_committed_bytes=701 * GIB,
    storage_uncommitted_bytes=17 * GIB,
    storage_unshared_bytes=700 * GIB,
    files=(
        LayoutFile(key=0, path="[ds] skole-db01/skole-db01.vmdk", kind="diskDescriptor", size_bytes=500),
        LayoutFile(key=1, path="[ds] skole-db01/skole-db01-flat.vmdk", kind="diskExtent", size_bytes=90 * GIB),
        LayoutFile(key=2, path="[ds] skole-db01/skole-db01-000001.vmdk", kind="diskDescriptor", size_bytes=400),
        LayoutFile(key=3, path="[ds] skole-db01/skole-db01-000001-sesparse.vmdk", kind="diskExtent", size_bytes=GIB),
        LayoutFile(key=4, path="[ds] skole-db01/skole-db01-Snapshot1.vmsn", kind="snapshotData", size_bytes=30_000),
    ),
    snapshot_layout=(
        LayoutSnapshot(
            moid="snapshot-1",
            data_key=4,
            memory_key=-1,
            disks=(LayoutDisk(key=2000, chain=(LayoutChainLink(file_keys=(0, 1)),)),),
        ),
    ),
)

AWKWARD_VM = VirtualMachine(
    moid="vm-102",
    name='Økonomi "ny"\\gml\nlinje 2',
    instance_uuid="50310b2c-0000-4000-8000-000000000102",
    parent="group-v4",
    host="host-12",
    resource_pool="resgroup-10",
    datastores=("datastore-21", "datastore-22"),
    power_state="suspended",
    custom_values=(CustomValue(key=101, value="Økonomi"), CustomValue(key=102, value="secret")),
    connection_state="orphaned",
    tools_version_status="guestToolsTooOld",
    question="msg.disk.full",
    snapshots=(),
    alarms=(),
    memory_mib=0,
    files=(),
    snapshot_layout=(),
)

SILENT_VM = VirtualMachine(moid="vm-103")
