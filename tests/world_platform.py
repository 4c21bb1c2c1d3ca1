"""Hosts and what they share, made by hand."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from agent.model.cluster import AdmissionControlPolicy, ClusterComputeResource, ClusterUsage
from agent.model.datastore import Datastore, HostMount
from agent.model.host import HostSystem, NumericSensor
from agent.model.host_network import PhysicalNic
from agent.model.host_storage import MultipathLun, StoragePath
from agent.model.resource_pool import PoolQuickStats, PoolRuntime, ResourceAllocation, ResourcePool
from agent.model.virtual_machine import CustomValue
from tests.world_vms import GIB, NOW

OWNED = (CustomValue(key=101, value="Drift Vendor A/S"),)


def _host(moid: str, name: str, **fields: Any) -> HostSystem:
    return HostSystem(
        moid=moid,
        name=name,
        parent="domain-c8",
        version="8.0.3",
        build="24022510",
        vendor="Dell Inc.",
        model="PowerEdge R760",
        cpu_model="Intel(R) Xeon(R) Gold 6430",
        power_state="poweredOn",
        in_maintenance_mode=False,
        in_quarantine_mode=False,
        reboot_required=False,
        boot_time=NOW - timedelta(days=100),
        uptime_s=8_640_000,
        ha_state="connectedToMaster",
        overall_status="green",
        cpu_mhz=2100,
        cpu_packages=2,
        cpu_cores=64,
        cpu_threads=128,
        cpu_usage_mhz=20_000,
        memory_bytes=1024 * GIB,
        memory_usage_mib=700_000,
        time_in_sync=True,
        **fields,
    )


HOST = _host(
    "host-11",
    "esx01.kommune.example",
    connection_state="connected",
    vms=("vm-101",),
    custom_values=OWNED,
    physical_nics=(PhysicalNic(device="vmnic0", speed_mbit=25_000), PhysicalNic(device="vmnic1")),
    multipath=(
        MultipathLun(id="lun-1", paths=(StoragePath(state="active"), StoragePath(state="dead"))),
        MultipathLun(id="lun-2", paths=(StoragePath(state="active"), StoragePath(state="flapping"))),
    ),
    sensors=(
        NumericSensor(
            id="0.1", name="CPU1 Temp", health="Green", current_reading=4150, unit_modifier=-2, base_units="Degrees C"
        ),
        NumericSensor(id="0.2", name="Fan 1", health="red", current_reading=0, unit_modifier=0, base_units="RPM"),
        NumericSensor(id="0.2", name="Fan 1", health="green", current_reading=72, unit_modifier=2, base_units="RPM"),
        NumericSensor(id="0.3", name="PSU 1", health="green", current_reading=33, unit_modifier=-1, base_units="Amps"),
        NumericSensor(id="0.4", name="PSU 1", health="green", current_reading=230, unit_modifier=0, base_units="Volts"),
        NumericSensor(
            id="0.5", name="System", health="yellow", current_reading=412, unit_modifier=0, base_units="Watts"
        ),
        NumericSensor(
            id="0.6", name="Inlet", health=None, current_reading=212, unit_modifier=0, base_units="Degrees F"
        ),
    ),
)

SECOND_HOST = _host("host-12", "esx02.kommune.example", connection_state="notResponding", vms=())

CLUSTER = ClusterComputeResource(
    moid="domain-c8",
    name="Produktion",
    parent="group-h5",
    custom_values=OWNED,
    overall_status="yellow",
    host_count=2,
    effective_host_count=2,
    cpu_cores=128,
    cpu_threads=256,
    total_cpu_mhz=268_800,
    effective_cpu_mhz=260_000,
    total_memory_bytes=2048 * GIB,
    effective_memory_mib=2_000_000,
    vmotions=1712,
    usage=ClusterUsage(cpu_demand_mhz=0, cpu_reservation_mhz=1, memory_demand_mib=2, memory_reservation_mib=3),
    drs_score=83,
    current_failover_level=1,
    evc_mode="intel-icelake",
    ha_enabled=True,
    failover_level=1,
    admission_control=False,
    admission_policy=AdmissionControlPolicy(kind="ClusterFailoverResourcesAdmissionControlPolicy"),
    host_monitoring="enabled",
    vm_monitoring="vmMonitoringDisabled",
    drs_enabled=True,
    drs_behavior="fullyAutomated",
)

DATASTORE = Datastore(
    moid="datastore-21",
    name="SAN-01",
    parent="group-p6",
    custom_values=OWNED,
    kind="VMFS",
    vmfs_version="6.82",
    vmfs_local=False,
    accessible=True,
    maintenance_mode="normal",
    overall_status="green",
    capacity_bytes=10_995_116_277_760,
    free_bytes=0,
    uncommitted_bytes=77,
    multiple_host_access=True,
    read_at=NOW - timedelta(minutes=12),
    vms=("vm-101", "vm-102"),
    hosts=(HostMount(host="host-11", accessible=True), HostMount(host="host-12", accessible=False)),
)

LOST_DATASTORE = replace(
    DATASTORE, moid="datastore-22", name="NFS-01", parent="group-s1", accessible=False, nfs_host="nas", nfs_path="/vol"
)

POOL = ResourcePool(
    moid="resgroup-9",
    name="Resources",
    parent="domain-c8",
    owner="domain-c8",
    vms=("vm-101",),
    cpu=ResourceAllocation(reservation=0, limit=-1),
    memory=ResourceAllocation(reservation=512, limit=8192),
    cpu_runtime=PoolRuntime(max_usage=200_000, reservation_used=0),
    memory_runtime=PoolRuntime(max_usage=1_900 * GIB, reservation_used=2 * GIB),
    memory_configured_mib=32768,
    quick_stats=PoolQuickStats(cpu_usage_mhz=1, cpu_demand_mhz=2, memory_active_mib=3, memory_consumed_mib=4),
)
