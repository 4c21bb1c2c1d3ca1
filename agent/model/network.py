"""Networks, distributed switches and portgroups: `vim.Network`, `vim.DistributedVirtualSwitch`, `…Portgroup`."""

from datetime import datetime
from typing import ClassVar

from agent.dataclass import dataclass
from agent.model.alarm import TriggeredAlarm
from agent.model.property import Pace, prop

_VMWARE = "config[vim.dvs.VmwareDistributedVirtualSwitch.ConfigInfo]"
_OVERRIDES = "config.policy[vim.dvs.VmwareDistributedVirtualSwitch.VMwarePortgroupPolicy]"
_PORT = "config.defaultPortConfig[vim.dvs.VmwareDistributedVirtualSwitch.VmwarePortConfigPolicy]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A standard network, seen as one by all hosts that have a portgroup of its name."""

    vsphere_type: ClassVar[str] = "vim.Network"
    moid: str

    name: str | None = prop("name")
    parent: str | None = prop("parent")
    accessible: bool | None = prop("summary.accessible")
    hosts: tuple[str, ...] | None = prop("host")
    vms: tuple[str, ...] | None = prop("vm")
    alarms: tuple[TriggeredAlarm, ...] | None = prop("triggeredAlarmState")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapingPolicy:
    """Traffic shaping of a distributed port; bit/s and bytes."""

    enabled: bool | None = prop("enabled.value")
    average: int | None = prop("averageBandwidth.value")
    peak: int | None = prop("peakBandwidth.value")
    burst: int | None = prop("burstSize.value")


@dataclass(frozen=True, slots=True, kw_only=True)
class LacpGroup:
    """A link aggregation group."""

    name: str | None = prop("name")
    mode: str | None = prop("mode")
    load_balancing: str | None = prop("loadbalanceAlgorithm")


@dataclass(frozen=True, slots=True, kw_only=True)
class HostMemberRuntime:
    """Whether a host is in step with the switch."""

    host: str | None = prop("host")
    status: str | None = prop("status")


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributedVirtualSwitch:
    """A distributed switch."""

    vsphere_type: ClassVar[str] = "vim.DistributedVirtualSwitch"
    moid: str

    name: str | None = prop("name")
    parent: str | None = prop("parent")
    uuid: str | None = prop("uuid")
    vendor: str | None = prop("summary.productInfo.vendor")
    version: str | None = prop("summary.productInfo.version")
    description: str | None = prop("summary.description")
    hosts: tuple[str, ...] | None = prop("summary.hostMember")
    ports: int | None = prop("summary.numPorts")
    vms: tuple[str, ...] | None = prop("summary.vm")
    contact: str | None = prop("summary.contact.contact")
    contact_name: str | None = prop("summary.contact.name")
    alarms: tuple[TriggeredAlarm, ...] | None = prop("triggeredAlarmState")
    created: datetime | None = prop("config.createTime", Pace.SLOW)
    max_ports: int | None = prop("config.maxPorts", Pace.SLOW)
    shaping_in: ShapingPolicy | None = prop("config.defaultPortConfig.inShapingPolicy", Pace.SLOW)
    shaping_out: ShapingPolicy | None = prop("config.defaultPortConfig.outShapingPolicy", Pace.SLOW)
    discovery_protocol: str | None = prop(f"{_VMWARE}.linkDiscoveryProtocolConfig.protocol", Pace.SLOW)
    discovery_operation: str | None = prop(f"{_VMWARE}.linkDiscoveryProtocolConfig.operation", Pace.SLOW)
    lacp_groups: tuple[LacpGroup, ...] | None = prop(f"{_VMWARE}.lacpGroupConfig", Pace.SLOW)
    max_mtu: int | None = prop(f"{_VMWARE}.maxMtu", Pace.SLOW)
    members: tuple[HostMemberRuntime, ...] | None = prop("runtime.hostMemberRuntime", Pace.SLOW)


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureCriteria:
    """What makes an uplink count as failed."""

    check_speed: str | None = prop("checkSpeed.value")
    speed: int | None = prop("speed.value")
    check_duplex: bool | None = prop("checkDuplex.value")
    full_duplex: bool | None = prop("fullDuplex.value")
    check_error_percent: bool | None = prop("checkErrorPercent.value")
    percentage: int | None = prop("percentage.value")
    check_beacon: bool | None = prop("checkBeacon.value")


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributedVirtualPortgroup:
    """A portgroup of a distributed switch."""

    vsphere_type: ClassVar[str] = "vim.dvs.DistributedVirtualPortgroup"
    moid: str

    name: str | None = prop("name")
    parent: str | None = prop("parent")
    key: str | None = prop("key")
    hosts: tuple[str, ...] | None = prop("host")
    vms: tuple[str, ...] | None = prop("vm")
    switch: str | None = prop("config.distributedVirtualSwitch")
    kind: str | None = prop("config.type")
    ports: int | None = prop("config.numPorts")
    uplink: bool | None = prop("config.uplink", Pace.SLOW)
    auto_expand: bool | None = prop("config.autoExpand", Pace.SLOW)
    alarms: tuple[TriggeredAlarm, ...] | None = prop("triggeredAlarmState")
    blocked: bool | None = prop("config.defaultPortConfig.blocked.value", Pace.SLOW)
    vlan: int | None = prop(f"{_PORT}.vlan[vim.dvs.VmwareDistributedVirtualSwitch.VlanIdSpec].vlanId", Pace.SLOW)
    promiscuous: bool | None = prop(f"{_PORT}.securityPolicy.allowPromiscuous.value", Pace.SLOW)
    mac_changes: bool | None = prop(f"{_PORT}.securityPolicy.macChanges.value", Pace.SLOW)
    forged_transmits: bool | None = prop(f"{_PORT}.securityPolicy.forgedTransmits.value", Pace.SLOW)
    teaming: str | None = prop(f"{_PORT}.uplinkTeamingPolicy.policy.value", Pace.SLOW)
    reverse_policy: bool | None = prop(f"{_PORT}.uplinkTeamingPolicy.reversePolicy.value", Pace.SLOW)
    notify_switches: bool | None = prop(f"{_PORT}.uplinkTeamingPolicy.notifySwitches.value", Pace.SLOW)
    rolling_order: bool | None = prop(f"{_PORT}.uplinkTeamingPolicy.rollingOrder.value", Pace.SLOW)
    active_uplinks: tuple[str, ...] | None = prop(
        f"{_PORT}.uplinkTeamingPolicy.uplinkPortOrder.activeUplinkPort", Pace.SLOW
    )
    standby_uplinks: tuple[str, ...] | None = prop(
        f"{_PORT}.uplinkTeamingPolicy.uplinkPortOrder.standbyUplinkPort", Pace.SLOW
    )
    failure_criteria: FailureCriteria | None = prop(f"{_PORT}.uplinkTeamingPolicy.failureCriteria", Pace.SLOW)
    block_override: bool | None = prop("config.policy.blockOverrideAllowed", Pace.SLOW)
    shaping_override: bool | None = prop("config.policy.shapingOverrideAllowed", Pace.SLOW)
    vendor_override: bool | None = prop("config.policy.vendorConfigOverrideAllowed", Pace.SLOW)
    live_port_moving: bool | None = prop("config.policy.livePortMovingAllowed", Pace.SLOW)
    config_reset: bool | None = prop("config.policy.portConfigResetAtDisconnect", Pace.SLOW)
    security_override: bool | None = prop(f"{_OVERRIDES}.securityPolicyOverrideAllowed", Pace.SLOW)
    teaming_override: bool | None = prop(f"{_OVERRIDES}.uplinkTeamingOverrideAllowed", Pace.SLOW)
    vlan_override: bool | None = prop(f"{_OVERRIDES}.vlanOverrideAllowed", Pace.SLOW)
    shaping_in: ShapingPolicy | None = prop("config.defaultPortConfig.inShapingPolicy", Pace.SLOW)
    shaping_out: ShapingPolicy | None = prop("config.defaultPortConfig.outShapingPolicy", Pace.SLOW)
