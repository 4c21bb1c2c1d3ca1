"""Datastores and the StoragePod. A datastore's free space is its capacity less what the VMs' files occupy, less others'."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from pyVmomi import vim

from agent.simulator.estate.entities import entity
from agent.simulator.estate.plan import GIB, POD, DatastorePlan
from agent.simulator.estate.vms import datastore_url
from agent.simulator.objects import Estate
from agent.simulator.schema import id_of

OTHER_FILES = 37 * GIB
GRAIN = 256 * GIB


def disk_name(plan: DatastorePlan) -> str:
    """The canonical name of the LUN a VMFS datastore lies on."""
    if plan.local:
        return f"naa.6d0946606b1c2f00{plan.number:016x}"
    return f"naa.60060160a5b04200{plan.number:016x}"


def volume(plan: DatastorePlan, capacity: int) -> vim.host.FileSystemVolume:
    """The file system of a datastore of `capacity` bytes, as a host and the datastore show it."""
    if plan.kind == "NFS":
        return vim.host.NasVolume(
            type="NFS",
            name=plan.name,
            capacity=capacity,
            remoteHost="nas01.kommune.example",
            remotePath="/vol/iso",
            userName="",
            remoteHostNames=["nas01.kommune.example"],
            securityType="AUTH_SYS",
            protocolEndpoint=False,
        )
    return vim.host.VmfsVolume(
        type="VMFS",
        name=plan.name,
        capacity=capacity,
        blockSizeMb=1,
        blockSize=1024,
        unmapGranularity=1024,
        unmapPriority="low",
        maxBlocks=63_963_136,
        majorVersion=5 if plan.local else 6,
        version="5.61" if plan.local else "6.82",
        uuid=str(uuid.uuid5(uuid.NAMESPACE_DNS, plan.name)),
        extent=[vim.host.ScsiDisk.Partition(diskName=disk_name(plan), partition=1)],
        vmfsUpgradable=False,
        ssd=True,
        local=plan.local,
        scsiDiskType="native512",
    )


def capacity_for(plan: DatastorePlan, used: int) -> int:
    """The capacity (bytes) at which `used` bytes fill the share the plan wants, in steps of 256 GiB."""
    wanted = max(used, 200 * GIB) / plan.full
    return max(GRAIN, -(-int(wanted) // GRAIN) * GRAIN)


def used_bytes(plan: DatastorePlan, capacity: int, by_vms: int) -> int:
    """What is in use: the VMs' files and others, as many as make the planned share; never less than the VMs'."""
    return max(by_vms + OTHER_FILES, int(capacity * plan.full)) if plan.full > 0.9 else by_vms + OTHER_FILES


def add_datastore(
    estate: Estate,
    plan: DatastorePlan,
    *,
    parent: vim.ManagedEntity,
    hosts: Sequence[vim.HostSystem],
    vms: Sequence[vim.VirtualMachine],
    now: datetime,
) -> None:
    """Add a datastore whose VMs are in the estate already."""
    ref = vim.Datastore(plan.moid)
    stored = [estate.get(id_of(vm), "summary.storage") for vm in vms]
    by_vms = sum(one.committed for one in stored)
    capacity = capacity_for(plan, by_vms + OTHER_FILES)
    free = capacity - used_bytes(plan, capacity, by_vms)
    url = datastore_url(plan)
    kind = vim.host.NasDatastoreInfo if plan.kind == "NFS" else vim.host.VmfsDatastoreInfo
    info = kind(
        name=plan.name,
        url=url,
        freeSpace=free,
        maxFileSize=64 * 1024 * GIB,
        maxVirtualDiskCapacity=62 * 1024 * GIB,
        maxMemoryFileSize=64 * 1024 * GIB,
        timestamp=now - timedelta(minutes=4),
        containerId=url,
        **{"nas" if plan.kind == "NFS" else "vmfs": volume(plan, capacity)},
    )
    estate.add(
        vim.Datastore,
        plan.moid,
        **entity(plan.name, parent, "yellow" if free < capacity * 0.15 else "green"),
        info=info,
        summary=vim.Datastore.Summary(
            datastore=ref,
            name=plan.name,
            url=url,
            capacity=capacity,
            freeSpace=free,
            uncommitted=sum(one.uncommitted for one in stored),
            accessible=True,
            multipleHostAccess=len(hosts) > 1,
            type=plan.kind,
            maintenanceMode="normal",
        ),
        host=[
            vim.Datastore.HostMount(
                key=host,
                mountInfo=vim.host.MountInfo(
                    path=url.removeprefix("ds://").rstrip("/"), accessMode="readWrite", mounted=True, accessible=True
                ),
            )
            for host in hosts
        ],
        vm=list(vms),
        browser=vim.host.DatastoreBrowser(f"datastoreBrowser-{plan.moid}"),
        capability=vim.Datastore.Capability(
            directoryHierarchySupported=True,
            rawDiskMappingsSupported=plan.kind == "VMFS",
            perFileThinProvisioningSupported=True,
            storageIORMSupported=True,
            nativeSnapshotSupported=False,
            topLevelDirectoryCreateSupported=True,
            seSparseSupported=plan.kind == "VMFS",
            vmfsSparseSupported=plan.kind == "VMFS",
            vmdkExpandSupported=True,
        ),
        iormConfiguration=vim.StorageResourceManager.IORMConfigInfo(
            enabled=plan.pod is not None,
            congestionThresholdMode="manual",
            congestionThreshold=30,
            percentOfPeakThroughput=90,
            statsCollectionEnabled=plan.pod is not None,
            reservationEnabled=False,
            statsAggregationDisabled=False,
        ),
    )


def add_pod(estate: Estate, *, folder: vim.Folder, datastores: Sequence[vim.Datastore]) -> None:
    """Add the StoragePod of these datastores, which are in the estate already."""
    estate.add(
        vim.StoragePod,
        POD,
        **entity("DSK-PROD", folder),
        childType=[vim.Datastore],
        childEntity=list(datastores),
        summary=pod_summary(estate, datastores),
        podStorageDrsEntry=vim.StorageResourceManager.PodStorageDrsEntry(
            storageDrsConfig=vim.storageDrs.ConfigInfo(
                podConfig=vim.storageDrs.PodConfigInfo(
                    enabled=True,
                    ioLoadBalanceEnabled=False,
                    defaultVmBehavior="manual",
                    loadBalanceInterval=480,
                    defaultIntraVmAffinity=True,
                )
            )
        ),
    )


def pod_summary(estate: Estate, datastores: Sequence[vim.Datastore]) -> vim.StoragePod.Summary:
    """`summary` of the pod: the sums of its datastores."""
    summaries = [estate.get(id_of(one), "summary") for one in datastores]
    return vim.StoragePod.Summary(
        name="DSK-PROD",
        capacity=sum(one.capacity for one in summaries),
        freeSpace=sum(one.freeSpace for one in summaries),
    )
