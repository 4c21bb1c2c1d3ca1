"""Virtual machines: from a plan to the properties vCenter serves."""

import random
import uuid
from collections.abc import Mapping
from datetime import datetime

from pyVmomi import vim

from agent.simulator.estate.entities import entity
from agent.simulator.estate.fields import vm_fields
from agent.simulator.estate.networks import network_by_id
from agent.simulator.estate.plan import MIB, DatastorePlan, VmPlan
from agent.simulator.estate.pools import pool_ref
from agent.simulator.estate.vm_config import config_summary, vm_config
from agent.simulator.estate.vm_guest import guest_summary, remember, running_guest, silent_guest
from agent.simulator.estate.vm_hardware import devices as vm_devices
from agent.simulator.estate.vm_hardware import overhead_bytes
from agent.simulator.estate.vm_runtime import IDLE, busy, heartbeat, vm_runtime
from agent.simulator.estate.vm_snapshots import Stored, disks_of, flattened, snapshot_taken
from agent.simulator.estate.vm_storage import layout_without_snapshots, storage_info, storage_summary
from agent.simulator.objects import Estate
from agent.simulator.schema import id_of

# How busy the servers of a system are in the middle of a working day, 0-1.
LEVELS = {"SQL": 0.35, "Citrix": 0.45, "ERP": 0.22, "ESDH": 0.2, "AD": 0.06, "Test": 0.05, "Web": 0.15}
_CAPABILITY = vim.vm.Capability(
    snapshotOperationsSupported=True,
    multipleSnapshotsSupported=True,
    snapshotConfigSupported=True,
    poweredOffSnapshotsSupported=True,
    memorySnapshotsSupported=True,
    revertToSnapshotSupported=True,
    quiescedSnapshotsSupported=True,
    toolsAutoUpdateSupported=True,
    changeTrackingSupported=True,
    multipleCoresPerSocketSupported=True,
    bootOptionsSupported=True,
    diskSharesSupported=True,
)


def datastore_url(plan: DatastorePlan) -> str:
    """`summary.url` of a datastore."""
    volume = uuid.uuid5(uuid.NAMESPACE_DNS, plan.name).hex
    if plan.kind == "NFS":
        return f"ds:///vmfs/volumes/{volume[:8]}-{volume[8:16]}/"
    return f"ds:///vmfs/volumes/{volume[:8]}-{volume[8:16]}-{volume[16:20]}-{volume[20:]}/"


def add_vm(
    estate: Estate,
    vm: VmPlan,
    *,
    datastores: Mapping[str, DatastorePlan],
    network_names: dict[str, str],
    iso_datastore: str,
    rng: random.Random,
    now: datetime,
    protected: bool,
) -> vim.VirtualMachine:
    """Add a VM to the estate; the lists that refer to it (of its host, datastore, pool, folder) are the caller's."""
    ref = vim.VirtualMachine(vm.moid)
    datastore = datastores[vm.datastore]
    devices = vm_devices(vm, datastore.name, network_names, iso_datastore)
    layout = layout_without_snapshots(vm, disks_of(devices), datastore.name, now)
    stored = Stored(devices=devices, layout=layout, snapshot=None)
    for plan in vm.snapshots:
        stored = snapshot_taken(
            stored,
            vm=ref,
            snapshot=vim.vm.Snapshot(plan.moid),
            name=plan.name,
            description=plan.description,
            created=now - plan.age,
            power=vm.power,
            quiesced=plan.quiesced,
            delta_bytes=plan.delta_bytes,
        )
    config = vm_config(vm, list(stored.devices), datastore.name, datastore_url(datastore), now)
    runtime = vm_runtime(vm, now, protected=protected)
    guest = running_guest(vm, network_names)
    remember(estate, vm.moid, guest)
    if not vm.running:
        guest = silent_guest(guest)
    storage = storage_summary(stored.layout, stored.disks, now)
    status = heartbeat(vm)
    overall = "red" if vm.connection != "connected" or vm.question else "green"
    fields = vm_fields(vm, now)
    summary = vim.vm.Summary(
        vm=ref,
        runtime=runtime,
        guest=guest_summary(guest),
        config=config_summary(config, tpm=vm.encrypted),
        storage=storage,
        quickStats=busy(
            rng,
            cpus=vm.cpus,
            memory_mib=vm.memory_mib,
            cpu_limit_mhz=vm.cpu_limit_mhz,
            memory_limit_mib=vm.memory_limit_mib,
            overhead_mib=overhead_bytes(vm) // MIB,
            heartbeat_status=status,
            uptime_s=int(vm.uptime.total_seconds()),
            level=LEVELS.get(vm.system.name, 0.1),
            fault_tolerant=vm.fault_tolerant,
        )
        if vm.running
        else IDLE,
        overallStatus=overall,
        customValue=fields,
    )
    estate.add(
        vim.VirtualMachine,
        vm.moid,
        **entity(
            vm.name,
            None if vm.vapp else vim.Folder(vm.folder),
            overall,
            configStatus="red" if vm.connection != "connected" else "green",
            customValue=fields,
            value=fields,
            tag=[vim.Tag(key=f"SYSTEM/{vm.system.name}")] if vm.tagged else [],
        ),
        parentVApp=vim.VirtualApp(vm.vapp) if vm.vapp else None,
        resourcePool=None if vm.template else pool_ref(vm.pool),
        capability=_CAPABILITY,
        config=config,
        runtime=runtime,
        guest=guest,
        guestHeartbeatStatus=status,
        summary=summary,
        datastore=[vim.Datastore(vm.datastore)],
        network=[network_by_id(nic.network) for nic in vm.nics],
        snapshot=stored.snapshot,
        rootSnapshot=[node.snapshot for node in flattened(stored.snapshot)][:1],
        layoutEx=stored.layout,
        storage=storage_info(vim.Datastore(vm.datastore), storage),
        environmentBrowser=vim.EnvironmentBrowser(f"envbrowser-{vm.moid[3:]}"),
        resourceConfig=vim.ResourceConfigSpec(
            entity=ref, cpuAllocation=config.cpuAllocation, memoryAllocation=config.memoryAllocation
        ),
    )
    nodes = flattened(stored.snapshot)
    for node, child in zip(nodes, [*nodes[1:], None], strict=False):
        estate.add(
            vim.vm.Snapshot,
            id_of(node.snapshot),
            vm=ref,
            config=config,
            childSnapshot=[child.snapshot] if child else [],
            value=[],
        )
    return ref
