"""Compute resources: `vim.ComputeResource` (a standalone host's) and `vim.ClusterComputeResource`."""

from typing import ClassVar

from agent.dataclass import dataclass
from agent.model.alarm import TriggeredAlarm
from agent.model.property import Pace, prop
from agent.model.virtual_machine import ConfigIssue, CustomValue

_SUMMARY = "summary[vim.ClusterComputeResource.Summary]"
_HA = "configurationEx[vim.cluster.ConfigInfoEx].dasConfig"
_MONITORING = f"{_HA}.defaultVmSettings.vmToolsMonitoringSettings"
_CONFIG = "configurationEx[vim.cluster.ConfigInfoEx]"
_RESOURCES = "[vim.cluster.FailoverResourcesAdmissionControlPolicy]"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterUsage:
    """Demand and reservations as DRS sees them; MHz and MiB."""

    total_cpu_mhz: int | None = prop("totalCpuCapacityMhz")
    total_memory_mib: int | None = prop("totalMemCapacityMB")
    cpu_reservation_mhz: int | None = prop("cpuReservationMhz")
    memory_reservation_mib: int | None = prop("memReservationMB")
    cpu_demand_mhz: int | None = prop("cpuDemandMhz")
    memory_demand_mib: int | None = prop("memDemandMB")
    cpu_entitled_mhz: int | None = prop("cpuEntitledMhz")
    memory_entitled_mib: int | None = prop("memEntitledMB")
    powered_off_cpu_reservation_mhz: int | None = prop("poweredOffCpuReservationMhz")
    powered_off_memory_reservation_mib: int | None = prop("poweredOffMemReservationMB")
    total_vms: int | None = prop("totalVmCount")
    powered_off_vms: int | None = prop("poweredOffVmCount")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionControlInfo:
    """How much room for a failed host there is now; only one of the ways is set."""

    kind: str | None = prop("@type")
    cpu_percent: int | None = prop(
        "[vim.cluster.FailoverResourcesAdmissionControlInfo].currentCpuFailoverResourcesPercent"
    )
    memory_percent: int | None = prop(
        "[vim.cluster.FailoverResourcesAdmissionControlInfo].currentMemoryFailoverResourcesPercent"
    )
    failover_level: int | None = prop("[vim.cluster.FailoverLevelAdmissionControlInfo].currentFailoverLevel")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionControlPolicy:
    """How HA reserves room for a failed host; only one of the ways is set."""

    kind: str | None = prop("@type")
    failover_level: int | None = prop("[vim.cluster.FailoverLevelAdmissionControlPolicy].failoverLevel")
    cpu_percent: int | None = prop(f"{_RESOURCES}.cpuFailoverResourcesPercent")
    memory_percent: int | None = prop(f"{_RESOURCES}.memoryFailoverResourcesPercent")
    resource_level: int | None = prop(f"{_RESOURCES}.failoverLevel")
    failover_hosts: tuple[str, ...] | None = prop("[vim.cluster.FailoverHostAdmissionControlPolicy].failoverHosts")


@dataclass(frozen=True, slots=True, kw_only=True)
class VmHaOverride:
    """A VM with HA settings of its own."""

    vm: str | None = prop("key")
    restart_priority: str | None = prop("dasSettings.restartPriority")
    isolation_response: str | None = prop("dasSettings.isolationResponse")
    monitoring: str | None = prop("dasSettings.vmToolsMonitoringSettings.vmMonitoring")


@dataclass(frozen=True, slots=True, kw_only=True)
class VmDrsOverride:
    """A VM with DRS settings of its own."""

    vm: str | None = prop("key")
    enabled: bool | None = prop("enabled")
    behavior: str | None = prop("behavior")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRule:
    """An affinity or anti-affinity rule; `kind` tells which."""

    kind: str | None = prop("@type")
    key: int | None = prop("key")
    name: str | None = prop("name")
    enabled: bool | None = prop("enabled")
    in_compliance: bool | None = prop("inCompliance")
    mandatory: bool | None = prop("mandatory")
    affine_vms: tuple[str, ...] | None = prop("[vim.cluster.AffinityRuleSpec].vm")
    anti_affine_vms: tuple[str, ...] | None = prop("[vim.cluster.AntiAffinityRuleSpec].vm")
    vm_group: str | None = prop("[vim.cluster.VmHostRuleInfo].vmGroupName")
    affine_host_group: str | None = prop("[vim.cluster.VmHostRuleInfo].affineHostGroupName")
    anti_affine_host_group: str | None = prop("[vim.cluster.VmHostRuleInfo].antiAffineHostGroupName")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterGroup:
    """A named group of VMs or of hosts that rules refer to."""

    name: str | None = prop("name")
    vms: tuple[str, ...] | None = prop("[vim.cluster.VmGroup].vm")
    hosts: tuple[str, ...] | None = prop("[vim.cluster.HostGroup].host")


@dataclass(frozen=True, slots=True, kw_only=True)
class DrsFault:
    """A move that DRS wanted and could not make."""

    reason: str | None = prop("reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class DrsRecommendation:
    """A move that DRS asks a person to approve."""

    key: str | None = prop("key")
    reason: str | None = prop("reason")
    rating: int | None = prop("rating")


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeResource:
    """What hosts and pools hang on; the summary never notifies."""

    vsphere_type: ClassVar[str] = "vim.ComputeResource"
    moid: str

    name: str | None = prop("name")
    parent: str | None = prop("parent")
    hosts: tuple[str, ...] | None = prop("host")
    resource_pool: str | None = prop("resourcePool")
    datastores: tuple[str, ...] | None = prop("datastore")
    networks: tuple[str, ...] | None = prop("network")
    alarms: tuple[TriggeredAlarm, ...] | None = prop("triggeredAlarmState")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterComputeResource:
    """A cluster: capacity, HA and DRS."""

    vsphere_type: ClassVar[str] = "vim.ClusterComputeResource"
    moid: str

    name: str | None = prop("name")
    parent: str | None = prop("parent")
    hosts: tuple[str, ...] | None = prop("host")
    resource_pool: str | None = prop("resourcePool")
    datastores: tuple[str, ...] | None = prop("datastore")
    networks: tuple[str, ...] | None = prop("network")
    config_status: str | None = prop("configStatus")
    config_issues: tuple[ConfigIssue, ...] | None = prop("configIssue")
    alarm_actions_enabled: bool | None = prop("alarmActionsEnabled")
    alarms: tuple[TriggeredAlarm, ...] | None = prop("triggeredAlarmState")
    custom_values: tuple[CustomValue, ...] | None = prop("customValue")

    # capacity
    overall_status: str | None = prop(f"{_SUMMARY}.overallStatus", Pace.QUICK)
    host_count: int | None = prop(f"{_SUMMARY}.numHosts", Pace.QUICK)
    effective_host_count: int | None = prop(f"{_SUMMARY}.numEffectiveHosts", Pace.QUICK)
    cpu_cores: int | None = prop(f"{_SUMMARY}.numCpuCores", Pace.QUICK)
    cpu_threads: int | None = prop(f"{_SUMMARY}.numCpuThreads", Pace.QUICK)
    total_cpu_mhz: int | None = prop(f"{_SUMMARY}.totalCpu", Pace.QUICK)
    effective_cpu_mhz: int | None = prop(f"{_SUMMARY}.effectiveCpu", Pace.QUICK)
    total_memory_bytes: int | None = prop(f"{_SUMMARY}.totalMemory", Pace.QUICK)
    effective_memory_mib: int | None = prop(f"{_SUMMARY}.effectiveMemory", Pace.QUICK)
    vmotions: int | None = prop(f"{_SUMMARY}.numVmotions", Pace.QUICK)
    usage: ClusterUsage | None = prop(f"{_SUMMARY}.usageSummary", Pace.QUICK)
    admission_info: AdmissionControlInfo | None = prop(f"{_SUMMARY}.admissionControlInfo", Pace.QUICK)
    drs_score: int | None = prop(f"{_SUMMARY}.drsScore", Pace.QUICK)
    current_failover_level: int | None = prop(f"{_SUMMARY}.currentFailoverLevel", Pace.QUICK)
    evc_mode: str | None = prop(f"{_SUMMARY}.currentEVCModeKey", Pace.QUICK)

    # HA
    ha_enabled: bool | None = prop(f"{_HA}.enabled")
    failover_level: int | None = prop(f"{_HA}.failoverLevel")
    admission_control: bool | None = prop(f"{_HA}.admissionControlEnabled")
    admission_policy: AdmissionControlPolicy | None = prop(f"{_HA}.admissionControlPolicy")
    host_monitoring: str | None = prop(f"{_HA}.hostMonitoring")
    heartbeat_datastore_policy: str | None = prop(f"{_HA}.hBDatastoreCandidatePolicy")
    vm_monitoring: str | None = prop(f"{_HA}.vmMonitoring")
    component_protection: str | None = prop(f"{_HA}.vmComponentProtecting")
    isolation_response: str | None = prop(f"{_HA}.defaultVmSettings.isolationResponse")
    restart_priority: str | None = prop(f"{_HA}.defaultVmSettings.restartPriority")
    monitoring_cluster_settings: bool | None = prop(f"{_MONITORING}.clusterSettings")
    monitoring_max_failures: int | None = prop(f"{_MONITORING}.maxFailures")
    monitoring_max_failure_window_s: int | None = prop(f"{_MONITORING}.maxFailureWindow")
    monitoring_failure_interval_s: int | None = prop(f"{_MONITORING}.failureInterval")
    monitoring_min_uptime_s: int | None = prop(f"{_MONITORING}.minUpTime")
    ha_overrides: tuple[VmHaOverride, ...] | None = prop(f"{_CONFIG}.dasVmConfig")

    # DRS, DPM, rules
    drs_enabled: bool | None = prop(f"{_CONFIG}.drsConfig.enabled")
    drs_behavior: str | None = prop(f"{_CONFIG}.drsConfig.defaultVmBehavior")
    drs_vmotion_rate: int | None = prop(f"{_CONFIG}.drsConfig.vmotionRate")
    drs_overrides: tuple[VmDrsOverride, ...] | None = prop(f"{_CONFIG}.drsVmConfig")
    rules: tuple[ClusterRule, ...] | None = prop(f"{_CONFIG}.rule")
    groups: tuple[ClusterGroup, ...] | None = prop(f"{_CONFIG}.group")
    dpm_enabled: bool | None = prop(f"{_CONFIG}.dpmConfigInfo.enabled")
    dpm_behavior: str | None = prop(f"{_CONFIG}.dpmConfigInfo.defaultDpmBehavior")
    dpm_rate: int | None = prop(f"{_CONFIG}.dpmConfigInfo.hostPowerActionRate")
    vsan_enabled: bool | None = prop(f"{_CONFIG}.vsanConfigInfo.enabled")
    drs_faults: tuple[DrsFault, ...] | None = prop("drsFault", Pace.SLOW)
    drs_recommendations: tuple[DrsRecommendation, ...] | None = prop("recommendation", Pace.SLOW)
