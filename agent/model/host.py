"""An ESXi host as a read-only account sees it: `vim.HostSystem`."""

from datetime import datetime
from typing import ClassVar

from agent.dataclass import dataclass
from agent.model.alarm import TriggeredAlarm
from agent.model.host_network import (
    FirewallRule,
    PhysicalNic,
    PortGroup,
    ProxySwitch,
    VirtualNicRole,
    VirtualSwitch,
    VmkernelNic,
)
from agent.model.host_storage import BusAdapter, MultipathLun, ScsiLun, VolumeMount
from agent.model.property import Pace, prop
from agent.model.virtual_machine import ConfigIssue, CustomValue, OptionValue, Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class NumericSensor:
    """A hardware sensor; the reading is `current_reading * 10**unit_modifier` in `base_units`."""

    id: str | None = prop("id")
    name: str | None = prop("name")
    kind: str | None = prop("sensorType")
    health: str | None = prop("healthState.key")
    current_reading: int | None = prop("currentReading")
    unit_modifier: int | None = prop("unitModifier")
    base_units: str | None = prop("baseUnits")
    rate_units: str | None = prop("rateUnits")


@dataclass(frozen=True, slots=True, kw_only=True)
class HardwareElement:
    """CPU, memory or storage health as the host's management controller reports it."""

    name: str | None = prop("name")
    status: str | None = prop("status.key")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialMaintenance:
    """A maintenance mode for one service of the host, e.g. quick patching."""

    key: str | None = prop("key")
    status: str | None = prop("hostStatus")


@dataclass(frozen=True, slots=True, kw_only=True)
class HostService:
    """A service of the host, e.g. ntpd, TSM-SSH."""

    key: str | None = prop("key")
    label: str | None = prop("label")
    running: bool | None = prop("running")
    policy: str | None = prop("policy")


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifyingInfo:
    """A service tag, asset tag or OEM string."""

    kind: str | None = prop("identifierType.key")
    value: str | None = prop("identifierValue")


@dataclass(frozen=True, slots=True, kw_only=True)
class HostSystem:
    """One host. `None` anywhere means vCenter did not say."""

    vsphere_type: ClassVar[str] = "vim.HostSystem"
    moid: str

    # identity and place
    name: str | None = prop("name")
    parent: str | None = prop("parent")
    vms: tuple[str, ...] | None = prop("vm")
    datastores: tuple[str, ...] | None = prop("datastore")
    networks: tuple[str, ...] | None = prop("network")
    custom_values: tuple[CustomValue, ...] | None = prop("customValue")
    uuid: str | None = prop("hardware.systemInfo.uuid")
    vendor: str | None = prop("hardware.systemInfo.vendor")
    model: str | None = prop("hardware.systemInfo.model")
    serial_number: str | None = prop("hardware.systemInfo.serialNumber")
    identifying_info: tuple[IdentifyingInfo, ...] | None = prop("hardware.systemInfo.otherIdentifyingInfo")
    bios_vendor: str | None = prop("hardware.biosInfo.vendor")
    bios_version: str | None = prop("hardware.biosInfo.biosVersion")
    bios_date: datetime | None = prop("hardware.biosInfo.releaseDate")

    # state
    connection_state: str | None = prop("runtime.connectionState")
    power_state: str | None = prop("runtime.powerState")
    standby_mode: str | None = prop("runtime.standbyMode")
    in_maintenance_mode: bool | None = prop("runtime.inMaintenanceMode")
    partial_maintenance: tuple[PartialMaintenance, ...] | None = prop("runtime.partialMaintenanceMode")
    in_quarantine_mode: bool | None = prop("runtime.inQuarantineMode")
    boot_time: datetime | None = prop("runtime.bootTime")
    ha_state: str | None = prop("runtime.dasHostState.state")
    reboot_required: bool | None = prop("summary.rebootRequired")
    overall_status: str | None = prop("overallStatus", Pace.QUICK)
    config_status: str | None = prop("configStatus")
    config_issues: tuple[ConfigIssue, ...] | None = prop("configIssue")
    alarm_actions_enabled: bool | None = prop("alarmActionsEnabled")
    alarms: tuple[TriggeredAlarm, ...] | None = prop("triggeredAlarmState")
    tags: tuple[Tag, ...] | None = prop("tag")
    compliance: str | None = prop("complianceCheckState.state", Pace.SLOW)
    lockdown_mode: str | None = prop("config.lockdownMode")
    attestation: str | None = prop("summary.tpmAttestation.status")
    secure_boot: bool | None = prop("capability.uefiSecureBoot")
    storage_vmotion_supported: bool | None = prop("capability.storageVMotionSupported")
    core_dump_kind: str | None = prop("config.activeDiagnosticPartition.diagnosticType")
    fault_domain: str | None = prop("config.vsanHostConfig.faultDomainInfo.name")

    # software
    version: str | None = prop("config.product.version")
    build: str | None = prop("config.product.build")
    full_name: str | None = prop("config.product.fullName")
    patch_level: str | None = prop("config.product.patchLevel")
    certificate_pem: str | None = prop("config.certificate", Pace.SLOW)
    options: tuple[OptionValue, ...] | None = prop("config.option", Pace.SLOW)
    services: tuple[HostService, ...] | None = prop("config.service.service")

    # size and usage
    cpu_model: str | None = prop("summary.hardware.cpuModel")
    cpu_mhz: int | None = prop("summary.hardware.cpuMhz")
    cpu_packages: int | None = prop("summary.hardware.numCpuPkgs")
    cpu_cores: int | None = prop("summary.hardware.numCpuCores")
    cpu_threads: int | None = prop("summary.hardware.numCpuThreads")
    hyperthreading_available: bool | None = prop("config.hyperThread.available")
    hyperthreading_active: bool | None = prop("config.hyperThread.active")
    memory_bytes: int | None = prop("hardware.memorySize")
    memory_tiering: str | None = prop("hardware.memoryTieringType")
    console_memory_bytes: int | None = prop("config.consoleReservation.serviceConsoleReserved")
    nic_count: int | None = prop("summary.hardware.numNics")
    hba_count: int | None = prop("summary.hardware.numHBAs")
    vmotion_enabled: bool | None = prop("summary.config.vmotionEnabled")
    evc_mode: str | None = prop("summary.currentEVCModeKey")
    max_evc_mode: str | None = prop("summary.maxEVCModeKey")
    power_policy: str | None = prop("config.powerSystemInfo.currentPolicy.shortName")
    cpu_power_policy: str | None = prop("hardware.cpuPowerManagementInfo.currentPolicy")
    cpu_power_support: str | None = prop("hardware.cpuPowerManagementInfo.hardwareSupport")
    cpu_usage_mhz: int | None = prop("summary.quickStats.overallCpuUsage", Pace.QUICK)
    memory_usage_mib: int | None = prop("summary.quickStats.overallMemoryUsage", Pace.QUICK)
    uptime_s: int | None = prop("summary.quickStats.uptime", Pace.QUICK)

    # time
    ntp_servers: tuple[str, ...] | None = prop("config.dateTimeInfo.ntpConfig.server")
    time_in_sync: bool | None = prop("config.dateTimeInfo.serviceSync", Pace.SLOW)
    time_last_sync: datetime | None = prop("config.dateTimeInfo.lastSyncTime", Pace.SLOW)
    time_in_fallback: bool | None = prop("config.dateTimeInfo.inFallbackState", Pace.SLOW)
    date_time_system: str | None = prop("configManager.dateTimeSystem")
    time_zone: str | None = prop("config.dateTimeInfo.timeZone.key")
    time_zone_name: str | None = prop("config.dateTimeInfo.timeZone.name")
    gmt_offset_s: int | None = prop("config.dateTimeInfo.timeZone.gmtOffset")

    # network
    dns_servers: tuple[str, ...] | None = prop("config.network.dnsConfig.address")
    dns_by_dhcp: bool | None = prop("config.network.dnsConfig.dhcp")
    dns_domain: str | None = prop("config.network.dnsConfig.domainName")
    dns_search: tuple[str, ...] | None = prop("config.network.dnsConfig.searchDomain")
    gateway: str | None = prop("config.network.ipRouteConfig.defaultGateway")
    gateway_ipv6: str | None = prop("config.network.ipRouteConfig.ipV6DefaultGateway")
    physical_nics: tuple[PhysicalNic, ...] | None = prop("config.network.pnic")
    virtual_switches: tuple[VirtualSwitch, ...] | None = prop("config.network.vswitch")
    proxy_switches: tuple[ProxySwitch, ...] | None = prop("config.network.proxySwitch", Pace.SLOW)
    portgroups: tuple[PortGroup, ...] | None = prop("config.network.portgroup", Pace.SLOW)
    vmkernel_nics: tuple[VmkernelNic, ...] | None = prop("config.network.vnic", Pace.SLOW)
    vmkernel_roles: tuple[VirtualNicRole, ...] | None = prop("config.virtualNicManagerInfo.netConfig", Pace.SLOW)

    firewall_rules: tuple[FirewallRule, ...] | None = prop("config.firewall.ruleset", Pace.SLOW)

    # storage
    bus_adapters: tuple[BusAdapter, ...] | None = prop("config.storageDevice.hostBusAdapter", Pace.SLOW)
    scsi_luns: tuple[ScsiLun, ...] | None = prop("config.storageDevice.scsiLun", Pace.SLOW)
    multipath: tuple[MultipathLun, ...] | None = prop("config.storageDevice.multipathInfo.lun", Pace.SLOW)
    mounts: tuple[VolumeMount, ...] | None = prop("config.fileSystemVolume.mountInfo", Pace.SLOW)

    # hardware health
    sensors: tuple[NumericSensor, ...] | None = prop(
        "runtime.healthSystemRuntime.systemHealthInfo.numericSensorInfo", Pace.SLOW
    )
    cpu_health: tuple[HardwareElement, ...] | None = prop(
        "runtime.healthSystemRuntime.hardwareStatusInfo.cpuStatusInfo", Pace.SLOW
    )
    memory_health: tuple[HardwareElement, ...] | None = prop(
        "runtime.healthSystemRuntime.hardwareStatusInfo.memoryStatusInfo", Pace.SLOW
    )
    storage_health: tuple[HardwareElement, ...] | None = prop(
        "runtime.healthSystemRuntime.hardwareStatusInfo.storageStatusInfo", Pace.SLOW
    )
