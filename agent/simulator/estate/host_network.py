"""`config.network` of a host: four physical cards, two standard switches, the distributed switch, the VMkernel ports."""

from collections.abc import Sequence
from typing import Any

from pyVmomi import vim

from agent.simulator.estate.copies import vary
from agent.simulator.estate.names import DOMAIN
from agent.simulator.estate.networks import SWITCH_NAME, SWITCH_UUID
from agent.simulator.estate.plan import UPLINKS, HostPlan

_host = vim.host
_LinkSpeed = _host.PhysicalNic.LinkSpeedDuplex
_25G = _LinkSpeed(speedMb=25_000, duplex=True)
_SPEEDS = [_25G, _LinkSpeed(speedMb=10_000, duplex=True), _LinkSpeed(speedMb=1_000, duplex=True)]
DNS_SERVERS = ["10.20.100.10", "10.20.100.13"]


def _policy(nics: Sequence[str], *, forged: bool = False) -> vim.host.NetworkPolicy:
    return _host.NetworkPolicy(
        security=_host.NetworkPolicy.SecurityPolicy(allowPromiscuous=False, macChanges=forged, forgedTransmits=forged),
        nicTeaming=_host.NetworkPolicy.NicTeamingPolicy(
            policy="loadbalance_srcid",
            reversePolicy=True,
            notifySwitches=True,
            rollingOrder=False,
            failureCriteria=_host.NetworkPolicy.NicFailureCriteria(
                checkSpeed="minimum",
                speed=10,
                checkDuplex=False,
                fullDuplex=False,
                checkErrorPercent=False,
                percentage=0,
                checkBeacon=False,
            ),
            nicOrder=_host.NetworkPolicy.NicOrderPolicy(activeNic=list(nics[:1]), standbyNic=list(nics[1:])),
        ),
        offloadPolicy=_host.NetOffloadCapabilities(csumOffload=True, tcpSegmentation=True, zeroCopyXmit=True),
        shapingPolicy=_host.NetworkPolicy.TrafficShapingPolicy(
            enabled=False, averageBandwidth=102_400, peakBandwidth=102_400, burstSize=102_400
        ),
    )


def _pnic(host: HostPlan, index: int) -> vim.host.PhysicalNic:
    # the second card of the distributed switch is the one whose cable somebody pulled
    up = not (host.link_down and index == 3)
    device = f"vmnic{index}"
    return _host.PhysicalNic(
        key=f"key-vim.host.PhysicalNic-{device}",
        device=device,
        pci=f"0000:{0x31 + index // 2:02x}:00.{index % 2}",
        driver="i40en",
        driverVersion="2.9.3.0",
        firmwareVersion="9.50 0x8000f4b2 1.3682.0",
        linkSpeed=_25G if up else None,
        validLinkSpecification=_SPEEDS,
        spec=_host.PhysicalNic.Specification(
            ip=_host.IpConfig(dhcp=False, ipAddress="", subnetMask=""),
            linkSpeed=_25G,
            enableEnhancedNetworkingStack=False,
        ),
        wakeOnLanSupported=index == 0,
        mac=f"e4:3d:1a:{host.number >> 8:02x}:{host.number & 0xFF:02x}:{index:02x}",
        resourcePoolSchedulerAllowed=True,
        autoNegotiateSupported=True,
    )


def _switch(number: int, nics: Sequence[str], groups: Sequence[str], mtu: int) -> vim.host.VirtualSwitch:
    name = f"vSwitch{number}"
    return _host.VirtualSwitch(
        name=name,
        key=f"key-vim.host.VirtualSwitch-{name}",
        numPorts=2560,
        numPortsAvailable=2560 - 16 * len(groups),
        mtu=mtu,
        portgroup=[f"key-vim.host.PortGroup-{group}" for group in groups],
        pnic=[f"key-vim.host.PhysicalNic-{nic}" for nic in nics],
        spec=_host.VirtualSwitch.Specification(
            numPorts=128,
            bridge=_host.VirtualSwitch.BondBridge(
                nicDevice=list(nics),
                beacon=_host.VirtualSwitch.BeaconConfig(interval=1),
                linkDiscoveryProtocolConfig=_host.LinkDiscoveryProtocolConfig(protocol="cdp", operation="listen"),
            ),
            policy=_policy(nics, forged=number == 1),
            mtu=mtu,
        ),
    )


def _portgroup(name: str, vlan: int, switch: vim.host.VirtualSwitch) -> vim.host.PortGroup:
    return _host.PortGroup(
        key=f"key-vim.host.PortGroup-{name}",
        vswitch=switch.key,
        computedPolicy=switch.spec.policy,
        spec=_host.PortGroup.Specification(
            name=name, vlanId=vlan, vswitchName=switch.name, policy=_host.NetworkPolicy()
        ),
    )


def vmkernel_ip(host: HostPlan, index: int = 0) -> str:
    """The IPv4 address of a VMkernel port: 0 management, 1 vMotion."""
    return f"10.10.{10 + 10 * index + host.number // 200}.{10 + host.number % 200}"


def _vnic(host: HostPlan, index: int, group: str, mtu: int) -> vim.host.VirtualNic:
    device = f"vmk{index}"
    local = f"fe80::250:56ff:fe6{index}:{host.number:x}"
    return _host.VirtualNic(
        device=device,
        key=f"key-vim.host.VirtualNic-{device}",
        portgroup=group,
        spec=_host.VirtualNic.Specification(
            ip=_host.IpConfig(
                dhcp=False,
                ipAddress=vmkernel_ip(host, index),
                subnetMask="255.255.255.0",
                ipV6Config=_host.IpConfig.IpV6AddressConfiguration(
                    ipV6Address=[
                        _host.IpConfig.IpV6Address(
                            ipAddress=local, prefixLength=64, origin="other", dadState="preferred"
                        )
                    ],
                    autoConfigurationEnabled=False,
                    dhcpV6Enabled=False,
                ),
            ),
            mac=f"00:50:56:6{index}:{host.number >> 8:02x}:{host.number & 0xFF:02x}",
            portgroup=group,
            mtu=mtu,
            tsoEnabled=True,
            netStackInstanceKey="defaultTcpipStack",
        ),
    )


_ROUTES = _host.IpRouteConfig(defaultGateway="10.10.10.1", ipV6DefaultGateway="fe80::1", gatewayDevice="vmk0")


def host_network(host: HostPlan) -> vim.host.NetworkInfo:
    """`config.network`."""
    lan = _switch(0, ("vmnic0", "vmnic1"), ("Management Network", "VM Network"), 1500)
    transport = _switch(1, ("vmnic1",), ("vMotion", "Backup-170"), 9000)
    proxies: list[Any] = []
    if host.in_cluster:
        proxies.append(
            _host.HostProxySwitch(
                dvsUuid=SWITCH_UUID,
                dvsName=SWITCH_NAME,
                key=f"DvsPortset-{host.number}",
                numPorts=2560,
                configNumPorts=2560,
                numPortsAvailable=2480,
                mtu=9000,
                pnic=[f"key-vim.host.PhysicalNic-vmnic{n}" for n in (2, 3)],
                spec=_host.HostProxySwitch.Specification(
                    backing=vim.dvs.HostMember.PnicBacking(
                        pnicSpec=[
                            vim.dvs.HostMember.PnicSpec(
                                pnicDevice=f"vmnic{n}", uplinkPortKey=str(n - 2), uplinkPortgroupKey=UPLINKS
                            )
                            for n in (2, 3)
                        ]
                    )
                ),
                networkReservationSupported=True,
            )
        )
    return _host.NetworkInfo(
        vswitch=[lan, transport],
        proxySwitch=proxies,
        portgroup=[
            _portgroup("Management Network", 10, lan),
            _portgroup("VM Network", 0, lan),
            _portgroup("vMotion", 20, transport),
            _portgroup("Backup-170", 170, transport),
        ],
        pnic=[_pnic(host, index) for index in range(4)],
        vnic=[_vnic(host, 0, "Management Network", 1500), _vnic(host, 1, "vMotion", 9000)],
        dnsConfig=_host.DnsConfig(
            dhcp=False,
            hostName=host.name.partition(".")[0],
            domainName=DOMAIN,
            address=DNS_SERVERS,
            searchDomain=[DOMAIN],
        ),
        ipRouteConfig=_ROUTES,
        ipV6Enabled=True,
        atBootIpV6Enabled=True,
    )


def vmkernel_services(network: vim.host.NetworkInfo) -> vim.host.VirtualNicManagerInfo:
    """`config.virtualNicManagerInfo`: which VMkernel port carries what."""
    return _host.VirtualNicManagerInfo(
        netConfig=[
            _host.VirtualNicManager.NetConfig(
                nicType=kind,
                multiSelectAllowed=True,
                candidateVnic=[vary(vnic) for vnic in network.vnic],
                selectedVnic=[f"{kind}.{network.vnic[selected].key}"] if selected is not None else [],
            )
            for kind, selected in (("management", 0), ("vmotion", 1), ("vsan", None), ("faultToleranceLogging", 1))
        ]
    )
