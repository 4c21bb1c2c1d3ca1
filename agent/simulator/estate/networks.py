"""Standard networks, the distributed switch and its portgroups."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pyVmomi import vim

from agent.simulator.estate.entities import entity
from agent.simulator.estate.plan import SWITCH, UPLINKS, NetworkPlan
from agent.simulator.objects import Estate

SWITCH_NAME = "DSwitch-Kommune"
SWITCH_UUID = "50 2f 6b 7c 11 3e 9a 40-8d 5b 1c 77 e2 90 4f a3"
UPLINK_NAMES = ["Uplink 1", "Uplink 2"]
PORTS_A_GROUP = 128
_dvs = vim.dvs
_vmware = vim.dvs.VmwareDistributedVirtualSwitch


def _bool(value: bool) -> vim.BoolPolicy:
    return vim.BoolPolicy(inherited=False, value=value)


_SHAPING = _dvs.DistributedVirtualPort.TrafficShapingPolicy(
    inherited=False,
    enabled=_bool(False),
    averageBandwidth=vim.LongPolicy(inherited=False, value=100_000_000),
    peakBandwidth=vim.LongPolicy(inherited=False, value=100_000_000),
    burstSize=vim.LongPolicy(inherited=False, value=104_857_600),
)


def port_setting(
    vlan: vim.dvs.VmwareDistributedVirtualSwitch.VlanSpec, *, promiscuous: bool = False
) -> vim.dvs.VmwareDistributedVirtualSwitch.VmwarePortConfigPolicy:
    """`config.defaultPortConfig` of the switch or of a portgroup."""
    return _vmware.VmwarePortConfigPolicy(
        blocked=_bool(False),
        vmDirectPathGen2Allowed=_bool(False),
        inShapingPolicy=_SHAPING,
        outShapingPolicy=_SHAPING,
        vlan=vlan,
        qosTag=vim.IntPolicy(inherited=False, value=-1),
        uplinkTeamingPolicy=_vmware.UplinkPortTeamingPolicy(
            inherited=False,
            policy=vim.StringPolicy(inherited=False, value="loadbalance_srcid"),
            reversePolicy=_bool(True),
            notifySwitches=_bool(True),
            rollingOrder=_bool(False),
            failureCriteria=_vmware.FailureCriteria(
                inherited=False,
                checkSpeed=vim.StringPolicy(inherited=False, value="minimum"),
                speed=vim.IntPolicy(inherited=False, value=10),
                checkDuplex=_bool(False),
                fullDuplex=_bool(False),
                checkErrorPercent=_bool(False),
                percentage=vim.IntPolicy(inherited=False, value=0),
                checkBeacon=_bool(False),
            ),
            uplinkPortOrder=_vmware.UplinkPortOrderPolicy(
                inherited=False, activeUplinkPort=UPLINK_NAMES, standbyUplinkPort=[]
            ),
        ),
        securityPolicy=_vmware.SecurityPolicy(
            inherited=False,
            allowPromiscuous=_bool(promiscuous),
            macChanges=_bool(False),
            forgedTransmits=_bool(promiscuous),
        ),
        ipfixEnabled=_bool(False),
        txUplink=_bool(False),
    )


def _vlan(vlan: int) -> vim.dvs.VmwareDistributedVirtualSwitch.VlanIdSpec:
    return _vmware.VlanIdSpec(inherited=False, vlanId=vlan)


_TRUNK = _vmware.TrunkVlanSpec(inherited=False, vlanId=[vim.NumericRange(start=0, end=4094)])


def network_ref(plan: NetworkPlan) -> vim.Network:
    """The reference to a network of this plan."""
    return network_by_id(plan.moid)


def network_by_id(moid: str) -> vim.Network:
    """The reference to a network by its managed object id."""
    kind: Any = _dvs.DistributedVirtualPortgroup if moid.startswith("dvportgroup") else vim.Network
    ref: vim.Network = kind(moid)
    return ref


def add_networks(
    estate: Estate,
    networks: Sequence[NetworkPlan],
    *,
    folder: vim.Folder,
    all_hosts: Sequence[vim.HostSystem],
    members: Sequence[vim.HostSystem],
    vms_on: Mapping[str, Sequence[vim.VirtualMachine]],
    now: datetime,
) -> list[vim.ManagedEntity]:
    """Add the networks and the switch of the hosts `members`; returns what the network folder holds."""
    children: list[vim.ManagedEntity] = []
    for plan in networks:
        ref = network_ref(plan)
        children.append(ref)
        vms = list(vms_on.get(plan.moid, ()))
        shared = entity(
            plan.name,
            folder,
            summary=vim.Network.Summary(network=ref, name=plan.name, accessible=True, ipPoolName=""),
            host=list(members if plan.distributed else all_hosts),
            vm=vms,
        )
        if not plan.distributed:
            estate.add(vim.Network, plan.moid, **shared)
            continue
        ports = len(members) * len(UPLINK_NAMES) if plan.uplink else max(PORTS_A_GROUP, 2 * len(vms))
        estate.add(
            _dvs.DistributedVirtualPortgroup,
            plan.moid,
            **shared,
            key=plan.moid,
            portKeys=[],
            config=_dvs.DistributedVirtualPortgroup.ConfigInfo(
                key=plan.moid,
                name=plan.name,
                numPorts=ports,
                distributedVirtualSwitch=_vmware(SWITCH),
                defaultPortConfig=port_setting(
                    _TRUNK if plan.uplink else _vlan(plan.vlan), promiscuous=plan.vlan == 300
                ),
                description="",
                type="earlyBinding",
                backingType="standard",
                policy=_vmware.VMwarePortgroupPolicy(
                    blockOverrideAllowed=True,
                    shapingOverrideAllowed=False,
                    vendorConfigOverrideAllowed=False,
                    livePortMovingAllowed=False,
                    portConfigResetAtDisconnect=True,
                    networkResourcePoolOverrideAllowed=False,
                    trafficFilterOverrideAllowed=False,
                    vlanOverrideAllowed=False,
                    uplinkTeamingOverrideAllowed=False,
                    securityPolicyOverrideAllowed=False,
                    ipfixOverrideAllowed=False,
                ),
                portNameFormat="<portIndex>",
                configVersion="1",
                autoExpand=True,
                uplink=plan.uplink,
            ),
        )
    _add_switch(estate, networks, folder=folder, members=members, now=now)
    return [*children, _vmware(SWITCH)]


def _add_switch(
    estate: Estate,
    networks: Sequence[NetworkPlan],
    *,
    folder: vim.Folder,
    members: Sequence[vim.HostSystem],
    now: datetime,
) -> None:
    groups = [plan for plan in networks if plan.distributed]
    vms = {ref for plan in groups for ref in estate.get(plan.moid, "vm")}
    ports = sum(estate.get(plan.moid, "config.numPorts") for plan in groups)
    product = _dvs.ProductSpec(
        name="DVS", vendor="VMware, Inc.", version="8.0.0", build="24022510", forwardingClass="etherswitch"
    )
    contact = vim.DistributedVirtualSwitch.ContactInfo(name="Drift Vendor A/S", contact="netvagt@drift-vendor.example")
    backing = _dvs.HostMember.PnicBacking(
        pnicSpec=[
            _dvs.HostMember.PnicSpec(pnicDevice=device, uplinkPortKey=str(n), uplinkPortgroupKey=UPLINKS)
            for n, device in enumerate(("vmnic2", "vmnic3"))
        ]
    )
    estate.add(
        _vmware,
        SWITCH,
        **entity(SWITCH_NAME, folder),
        uuid=SWITCH_UUID,
        portgroup=[network_ref(plan) for plan in groups],
        capability=vim.DistributedVirtualSwitch.Capability(dvsOperationSupported=True),
        summary=vim.DistributedVirtualSwitch.Summary(
            name=SWITCH_NAME,
            uuid=SWITCH_UUID,
            numPorts=ports,
            productInfo=product,
            hostMember=list(members),
            host=list(members),
            vm=sorted(vms, key=str),
            portgroupName=[plan.name for plan in groups],
            description="Rådhuset: alle VLAN til virtuelle servere",
            contact=contact,
            numHosts=len(members),
        ),
        config=_vmware.ConfigInfo(
            uuid=SWITCH_UUID,
            name=SWITCH_NAME,
            numStandalonePorts=0,
            numPorts=ports,
            maxPorts=8000,
            uplinkPortPolicy=vim.DistributedVirtualSwitch.NameArrayUplinkPortPolicy(uplinkPortName=UPLINK_NAMES),
            uplinkPortgroup=[_dvs.DistributedVirtualPortgroup(UPLINKS)],
            defaultPortConfig=port_setting(_vlan(0)),
            host=[
                _dvs.HostMember(
                    config=_dvs.HostMember.ConfigInfo(host=host, maxProxySwitchPorts=2560, backing=backing),
                    productInfo=product,
                    status="up",
                )
                for host in members
            ],
            productInfo=product,
            policy=vim.DistributedVirtualSwitch.SwitchPolicy(
                autoPreInstallAllowed=False, autoUpgradeAllowed=False, partialUpgradeAllowed=False
            ),
            description="Rådhuset: alle VLAN til virtuelle servere",
            configVersion="14",
            contact=contact,
            createTime=now - timedelta(days=1460, hours=5),
            networkResourceManagementEnabled=True,
            defaultProxySwitchMaxNumPorts=2560,
            networkResourceControlVersion="version3",
            maxMtu=9000,
            linkDiscoveryProtocolConfig=vim.host.LinkDiscoveryProtocolConfig(protocol="lldp", operation="both"),
            lacpGroupConfig=[
                _vmware.LacpGroupConfig(
                    key="5001",
                    name="lag1",
                    mode="active",
                    uplinkNum=2,
                    loadbalanceAlgorithm="srcDestIpTcpUdpPortVlan",
                    uplinkName=["lag1-0", "lag1-1"],
                    uplinkPortKey=[],
                )
            ],
            lacpApiVersion="multipleLag",
            multicastFilteringMode="snooping",
        ),
        runtime=vim.DistributedVirtualSwitch.RuntimeInfo(
            hostMemberRuntime=[
                _dvs.HostMember.RuntimeInfo(host=host, status="up", statusDetail="Up") for host in members
            ]
        ),
    )
