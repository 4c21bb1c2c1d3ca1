"""A virtual machine as a read-only account sees it: `vim.VirtualMachine`."""

from datetime import datetime
from typing import ClassVar

from agent.dataclass import dataclass
from agent.model.alarm import TriggeredAlarm
from agent.model.property import Pace, prop
from agent.model.snapshot import SnapshotNode
from agent.model.tag_pair import TagPair
from agent.model.virtual_hardware import (
    Cdrom,
    DiskController,
    EthernetCard,
    Floppy,
    UsbController,
    UsbDevice,
    VideoCard,
    VirtualDisk,
)
from agent.model.vm_files import DatastoreUsage, LayoutFile, LayoutSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskMapping:
    """The virtual disk that a file system lies on, by its device key."""

    key: int | None = prop("key")


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestDisk:
    """A file system as VMware Tools report it: `guest.disk`. Sizes in bytes."""

    path: str | None = prop("diskPath")
    capacity_bytes: int | None = prop("capacity")
    free_bytes: int | None = prop("freeSpace")
    filesystem: str | None = prop("filesystemType")
    mappings: tuple[DiskMapping, ...] | None = prop("mappings")


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestNic:
    """A network card as VMware Tools report it: `guest.net`."""

    network: str | None = prop("network")
    mac: str | None = prop("macAddress")
    connected: bool | None = prop("connected")
    ip_addresses: tuple[str, ...] | None = prop("ipAddress")
    device_key: int | None = prop("deviceConfigId")


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionValue:
    """An advanced setting: key and value as text."""

    key: str | None = prop("key")
    value: str | None = prop("value")


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomValue:
    """A custom attribute's value; `key` is the definition's number."""

    key: int | None = prop("key")
    value: str | None = prop("[vim.CustomFieldsManager.StringValue].value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A vSphere tag on the object, by its id; the name is had over REST only."""

    key: str | None = prop("key")


@dataclass(frozen=True, slots=True, kw_only=True)
class DatastoreUrl:
    """A datastore that the VM's configuration names, with the URL the host mounts it by."""

    name: str | None = prop("name")
    url: str | None = prop("url")


@dataclass(frozen=True, slots=True, kw_only=True)
class NicRuntime:
    """Whether a virtual network card bypasses the hypervisor; `key` is the device's."""

    key: int | None = prop("key")
    direct_path: bool | None = prop(
        "runtimeState[vim.vm.DeviceRuntimeInfo.VirtualEthernetCardRuntimeState].vmDirectPathGen2Active"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigIssue:
    """A configuration problem vCenter shows in its summary tab; `kind` is the event type."""

    kind: str | None = prop("@type")
    message: str | None = prop("fullFormattedMessage")
    created: datetime | None = prop("createdTime")


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualMachine:
    """One VM. `None` anywhere means vCenter did not say."""

    vsphere_type: ClassVar[str] = "vim.VirtualMachine"
    moid: str

    # identity and place
    name: str | None = prop("name")
    instance_uuid: str | None = prop("config.instanceUuid")
    bios_uuid: str | None = prop("config.uuid")
    template: bool | None = prop("config.template")
    managed_by: str | None = prop("config.managedBy.extensionKey")
    created: datetime | None = prop("config.createDate")
    change_version: str | None = prop("config.changeVersion")
    annotation: str | None = prop("config.annotation")
    parent: str | None = prop("parent")
    parent_vapp: str | None = prop("parentVApp")
    host: str | None = prop("runtime.host")
    resource_pool: str | None = prop("resourcePool")
    datastores: tuple[str, ...] | None = prop("datastore")
    networks: tuple[str, ...] | None = prop("network")
    custom_values: tuple[CustomValue, ...] | None = prop("customValue")

    # state
    power_state: str | None = prop("runtime.powerState")
    connection_state: str | None = prop("runtime.connectionState")
    boot_time: datetime | None = prop("runtime.bootTime")
    clean_power_off: bool | None = prop("runtime.cleanPowerOff")
    suspend_time: datetime | None = prop("runtime.suspendTime")
    suspend_interval_ms: int | None = prop("runtime.suspendInterval")
    suspended_to_memory: bool | None = prop("runtime.suspendedToMemory")
    heartbeat: str | None = prop("guestHeartbeatStatus")
    consolidation_needed: bool | None = prop("runtime.consolidationNeeded")
    consolidate_work_total: int | None = prop("runtime.consolidateWorkTotal")
    disk_chain_broken: bool | None = prop("runtime.diskChainBroken")
    snapshot_in_background: bool | None = prop("runtime.snapshotInBackground")
    question: str | None = prop("runtime.question.text")
    ha_protected: bool | None = prop("runtime.dasVmProtection.dasProtected")
    crypto_state: str | None = prop("runtime.cryptoState")
    fault_tolerance_state: str | None = prop("runtime.faultToleranceState")
    failover_in_progress: bool | None = prop("runtime.vmFailoverInProgress")
    open_consoles: int | None = prop("runtime.numMksConnections")
    tools_installer_mounted: bool | None = prop("runtime.toolsInstallerMounted")
    min_evc_mode: str | None = prop("runtime.minRequiredEVCModeKey")
    op_notification_timeout_s: int | None = prop("runtime.opNotificationTimeout")
    overall_status: str | None = prop("overallStatus", Pace.QUICK)
    config_status: str | None = prop("configStatus")
    config_issues: tuple[ConfigIssue, ...] | None = prop("configIssue")
    alarms: tuple[TriggeredAlarm, ...] | None = prop("triggeredAlarmState")
    tags: tuple[Tag, ...] | None = prop("tag")
    tag_pairs: tuple[TagPair, ...] | None = None
    """not vCenter's property: what REST tells, in records for the ledger; elsewhere it is in the target's labelling"""
    effective_roles: tuple[int, ...] | None = prop("effectiveRole", Pace.SLOW)
    alarm_actions_enabled: bool | None = prop("alarmActionsEnabled")
    snapshots: tuple[SnapshotNode, ...] | None = prop("snapshot.rootSnapshotList")

    # configured size
    cpus: int | None = prop("config.hardware.numCPU")
    cores_per_socket: int | None = prop("config.hardware.numCoresPerSocket")
    memory_mib: int | None = prop("config.hardware.memoryMB")
    nic_count: int | None = prop("summary.config.numEthernetCards")
    disk_count: int | None = prop("summary.config.numVirtualDisks")
    tpm_present: bool | None = prop("summary.config.tpmPresent")
    cpu_reservation_mhz: int | None = prop("config.cpuAllocation.reservation")
    cpu_limit_mhz: int | None = prop("config.cpuAllocation.limit")
    cpu_shares: int | None = prop("config.cpuAllocation.shares.shares")
    cpu_shares_level: str | None = prop("config.cpuAllocation.shares.level")
    memory_reservation_mib: int | None = prop("config.memoryAllocation.reservation")
    memory_limit_mib: int | None = prop("config.memoryAllocation.limit")
    memory_shares: int | None = prop("config.memoryAllocation.shares.shares")
    memory_shares_level: str | None = prop("config.memoryAllocation.shares.level")
    memory_reservation_locked: bool | None = prop("config.memoryReservationLockedToMax")
    cpu_hot_add: bool | None = prop("config.cpuHotAddEnabled")
    cpu_hot_remove: bool | None = prop("config.cpuHotRemoveEnabled")
    memory_hot_add: bool | None = prop("config.memoryHotAddEnabled")
    numa_exposed_on_hot_add: bool | None = prop("config.numaInfo.vnumaOnCpuHotaddExposed")
    latency_sensitivity: str | None = prop("config.latencySensitivity.level")
    passthrough_hot_plug: bool | None = prop("config.fixedPassthruHotPlugEnabled")
    hardware_version: str | None = prop("config.version")
    hardware_upgrade_status: str | None = prop("config.scheduledHardwareUpgradeInfo.scheduledHardwareUpgradeStatus")
    hardware_upgrade_policy: str | None = prop("config.scheduledHardwareUpgradeInfo.upgradePolicy")
    hardware_upgrade_target: str | None = prop("config.scheduledHardwareUpgradeInfo.versionKey")
    firmware: str | None = prop("config.firmware")
    secure_boot: bool | None = prop("config.bootOptions.efiSecureBootEnabled")
    boot_delay_ms: int | None = prop("config.bootOptions.bootDelay")
    boot_retry_enabled: bool | None = prop("config.bootOptions.bootRetryEnabled")
    boot_retry_delay_ms: int | None = prop("config.bootOptions.bootRetryDelay")
    enter_bios_setup: bool | None = prop("config.bootOptions.enterBIOSSetup")
    reboot_powers_off: bool | None = prop("config.rebootPowerOff")
    disk_uuid_enabled: bool | None = prop("config.flags.diskUuidEnabled")
    change_tracking: bool | None = prop("config.changeTrackingEnabled")
    encryption_key: str | None = prop("config.keyId.keyId")
    migrate_encryption: str | None = prop("config.migrateEncryption")
    fault_tolerance_role: int | None = prop("config.ftInfo.role")
    vmx_path: str | None = prop("config.files.vmPathName")
    snapshot_directory: str | None = prop("config.files.snapshotDirectory")
    suspend_directory: str | None = prop("config.files.suspendDirectory")
    log_directory: str | None = prop("config.files.logDirectory")
    configured_os: str | None = prop("config.guestFullName")
    configured_os_id: str | None = prop("config.guestId")
    extra_config: tuple[OptionValue, ...] | None = prop("config.extraConfig", Pace.SLOW)

    # devices
    disks: tuple[VirtualDisk, ...] | None = prop("config.hardware.device[vim.vm.device.VirtualDisk]")
    controllers: tuple[DiskController, ...] | None = prop("config.hardware.device[vim.vm.device.VirtualController]")
    nics: tuple[EthernetCard, ...] | None = prop("config.hardware.device[vim.vm.device.VirtualEthernetCard]")
    cdroms: tuple[Cdrom, ...] | None = prop("config.hardware.device[vim.vm.device.VirtualCdrom]")
    floppies: tuple[Floppy, ...] | None = prop("config.hardware.device[vim.vm.device.VirtualFloppy]")
    usb_devices: tuple[UsbDevice, ...] | None = prop("config.hardware.device[vim.vm.device.VirtualUSB]")
    usb_controllers: tuple[UsbController, ...] | None = prop(
        "config.hardware.device[vim.vm.device.VirtualUSBController]"
    )
    nic_runtime: tuple[NicRuntime, ...] | None = prop("runtime.device", Pace.SLOW)
    video_cards: tuple[VideoCard, ...] | None = prop("config.hardware.device[vim.vm.device.VirtualVideoCard]")

    # guest
    guest_state: str | None = prop("guest.guestState")
    guest_kernel_crashed: bool | None = prop("guest.guestKernelCrashed")
    guest_operations_ready: bool | None = prop("guest.guestOperationsReady")
    interactive_guest_operations_ready: bool | None = prop("guest.interactiveGuestOperationsReady")
    guest_state_change_supported: bool | None = prop("guest.guestStateChangeSupported")
    app_heartbeat: str | None = prop("guest.appHeartbeatStatus")
    host_name: str | None = prop("guest.hostName")
    ip_address: str | None = prop("guest.ipAddress")
    guest_os: str | None = prop("guest.guestFullName")
    guest_details: str | None = prop("guest.guestDetailedData")
    customization_status: str | None = prop("guest.customizationInfo.customizationStatus")
    tools_status: str | None = prop("guest.toolsStatus")
    tools_running_status: str | None = prop("guest.toolsRunningStatus")
    tools_version_status: str | None = prop("guest.toolsVersionStatus2")
    tools_version: str | None = prop("guest.toolsVersion")
    tools_install_type: str | None = prop("guest.toolsInstallType")
    tools_required_version: int | None = prop("config.tools.toolsVersion")
    tools_upgrade_policy: str | None = prop("config.tools.toolsUpgradePolicy")
    tools_sync_time: bool | None = prop("config.tools.syncTimeWithHost")
    tools_sync_time_allowed: bool | None = prop("config.tools.syncTimeWithHostAllowed")
    guest_disks: tuple[GuestDisk, ...] | None = prop("guest.disk", Pace.SLOW)
    guest_nics: tuple[GuestNic, ...] | None = prop("guest.net", Pace.SLOW)

    # usage
    cpu_usage_mhz: int | None = prop("summary.quickStats.overallCpuUsage", Pace.QUICK)
    cpu_demand_mhz: int | None = prop("summary.quickStats.overallCpuDemand", Pace.QUICK)
    cpu_readiness_percent: int | None = prop("summary.quickStats.overallCpuReadiness", Pace.QUICK)
    cpu_entitlement_static_mhz: int | None = prop("summary.quickStats.staticCpuEntitlement", Pace.QUICK)
    cpu_entitlement_distributed_mhz: int | None = prop("summary.quickStats.distributedCpuEntitlement", Pace.QUICK)
    memory_active_mib: int | None = prop("summary.quickStats.guestMemoryUsage", Pace.QUICK)
    memory_consumed_mib: int | None = prop("summary.quickStats.hostMemoryUsage", Pace.QUICK)
    memory_overhead_consumed_mib: int | None = prop("summary.quickStats.consumedOverheadMemory", Pace.QUICK)
    memory_private_mib: int | None = prop("summary.quickStats.privateMemory", Pace.QUICK)
    memory_shared_mib: int | None = prop("summary.quickStats.sharedMemory", Pace.QUICK)
    memory_swapped_mib: int | None = prop("summary.quickStats.swappedMemory", Pace.QUICK)
    memory_ballooned_mib: int | None = prop("summary.quickStats.balloonedMemory", Pace.QUICK)
    memory_compressed_kib: int | None = prop("summary.quickStats.compressedMemory", Pace.QUICK)
    memory_entitlement_static_mib: int | None = prop("summary.quickStats.staticMemoryEntitlement", Pace.QUICK)
    memory_entitlement_distributed_mib: int | None = prop("summary.quickStats.distributedMemoryEntitlement", Pace.QUICK)
    uptime_s: int | None = prop("summary.quickStats.uptimeSeconds", Pace.QUICK)
    ft_latency_status: str | None = prop("summary.quickStats.ftLatencyStatus", Pace.QUICK)
    ft_log_bandwidth: int | None = prop("summary.quickStats.ftLogBandwidth", Pace.QUICK)
    ft_secondary_latency_ms: int | None = prop("summary.quickStats.ftSecondaryLatency", Pace.QUICK)
    max_cpu_usage_mhz: int | None = prop("runtime.maxCpuUsage", Pace.SLOW)
    max_memory_usage_mib: int | None = prop("runtime.maxMemoryUsage", Pace.SLOW)
    memory_overhead_reserved_bytes: int | None = prop("runtime.memoryOverhead", Pace.SLOW)

    # storage
    storage_committed_bytes: int | None = prop("summary.storage.committed", Pace.SLOW)
    storage_uncommitted_bytes: int | None = prop("summary.storage.uncommitted", Pace.SLOW)
    storage_unshared_bytes: int | None = prop("summary.storage.unshared", Pace.SLOW)
    storage_read_at: datetime | None = prop("summary.storage.timestamp", Pace.SLOW)
    datastore_urls: tuple[DatastoreUrl, ...] | None = prop("config.datastoreUrl", Pace.SLOW)
    datastore_usage: tuple[DatastoreUsage, ...] | None = prop("storage.perDatastoreUsage", Pace.SLOW)
    files: tuple[LayoutFile, ...] | None = prop("layoutEx.file", Pace.SLOW)
    snapshot_layout: tuple[LayoutSnapshot, ...] | None = prop("layoutEx.snapshot", Pace.SLOW)
    layout_read_at: datetime | None = prop("layoutEx.timestamp", Pace.SLOW)
