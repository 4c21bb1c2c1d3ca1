"""Datastores and datastore clusters: `vim.Datastore`, `vim.StoragePod`. Sizes in bytes."""

from datetime import datetime
from typing import ClassVar

from agent.dataclass import dataclass
from agent.model.alarm import TriggeredAlarm
from agent.model.host_storage import VmfsExtent
from agent.model.property import Pace, prop
from agent.model.virtual_machine import CustomValue

_VMFS = "info[vim.host.VmfsDatastoreInfo].vmfs"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostMount:
    """How one host mounts the datastore."""

    host: str | None = prop("key")
    accessible: bool | None = prop("mountInfo.accessible")
    mounted: bool | None = prop("mountInfo.mounted")
    access_mode: str | None = prop("mountInfo.accessMode")
    inaccessible_reason: str | None = prop("mountInfo.inaccessibleReason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Datastore:
    """One datastore; capacity and free space are as old as `read_at` says."""

    vsphere_type: ClassVar[str] = "vim.Datastore"
    moid: str

    name: str | None = prop("name")
    parent: str | None = prop("parent")
    kind: str | None = prop("summary.type", Pace.QUICK)
    url: str | None = prop("summary.url", Pace.QUICK)
    accessible: bool | None = prop("summary.accessible", Pace.QUICK)
    maintenance_mode: str | None = prop("summary.maintenanceMode", Pace.QUICK)
    capacity_bytes: int | None = prop("summary.capacity", Pace.QUICK)
    free_bytes: int | None = prop("summary.freeSpace", Pace.QUICK)
    uncommitted_bytes: int | None = prop("summary.uncommitted", Pace.QUICK)
    multiple_host_access: bool | None = prop("summary.multipleHostAccess", Pace.QUICK)
    read_at: datetime | None = prop("info.timestamp", Pace.SLOW)
    vms: tuple[str, ...] | None = prop("vm")
    hosts: tuple[HostMount, ...] | None = prop("host")
    config_status: str | None = prop("configStatus")
    overall_status: str | None = prop("overallStatus", Pace.QUICK)
    alarm_actions_enabled: bool | None = prop("alarmActionsEnabled")
    alarms: tuple[TriggeredAlarm, ...] | None = prop("triggeredAlarmState")
    custom_values: tuple[CustomValue, ...] | None = prop("customValue")
    io_control_enabled: bool | None = prop("iormConfiguration.enabled", Pace.SLOW)
    io_control_threshold_ms: int | None = prop("iormConfiguration.congestionThreshold", Pace.SLOW)
    nfs_host: str | None = prop("info[vim.host.NasDatastoreInfo].nas.remoteHost", Pace.SLOW)
    nfs_path: str | None = prop("info[vim.host.NasDatastoreInfo].nas.remotePath", Pace.SLOW)
    block_size_mib: int | None = prop(f"{_VMFS}.blockSizeMb", Pace.SLOW)
    max_blocks: int | None = prop(f"{_VMFS}.maxBlocks", Pace.SLOW)
    extents: tuple[VmfsExtent, ...] | None = prop(f"{_VMFS}.extent", Pace.SLOW)
    vmfs_major_version: int | None = prop(f"{_VMFS}.majorVersion", Pace.SLOW)
    vmfs_version: str | None = prop(f"{_VMFS}.version", Pace.SLOW)
    vmfs_upgradable: bool | None = prop(f"{_VMFS}.vmfsUpgradable", Pace.SLOW)
    vmfs_local: bool | None = prop(f"{_VMFS}.local", Pace.SLOW)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoragePod:
    """A datastore cluster."""

    vsphere_type: ClassVar[str] = "vim.StoragePod"
    moid: str

    name: str | None = prop("name")
    parent: str | None = prop("parent")
    datastores: tuple[str, ...] | None = prop("childEntity")
    capacity_bytes: int | None = prop("summary.capacity", Pace.QUICK)
    free_bytes: int | None = prop("summary.freeSpace", Pace.QUICK)
    drs_enabled: bool | None = prop("podStorageDrsEntry.storageDrsConfig.podConfig.enabled", Pace.SLOW)
    alarms: tuple[TriggeredAlarm, ...] | None = prop("triggeredAlarmState")
