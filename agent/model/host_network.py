"""A host's network: `config.network`. Speeds in Mbit/s, MTU in bytes."""

from agent.dataclass import dataclass
from agent.model.property import prop


@dataclass(frozen=True, slots=True, kw_only=True)
class PhysicalNic:
    """A physical network card; no `speed_mbit` means the link is down."""

    device: str | None = prop("device")
    key: str | None = prop("key")
    driver: str | None = prop("driver")
    driver_version: str | None = prop("driverVersion")
    firmware_version: str | None = prop("firmwareVersion")
    mac: str | None = prop("mac")
    pci: str | None = prop("pci")
    speed_mbit: int | None = prop("linkSpeed.speedMb")
    duplex: bool | None = prop("linkSpeed.duplex")
    configured_speed_mbit: int | None = prop("spec.linkSpeed.speedMb")
    supported_speeds: tuple["LinkSpeed", ...] | None = prop("validLinkSpecification")
    wake_on_lan: bool | None = prop("wakeOnLanSupported")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSpeed:
    """A speed the card can take."""

    speed_mbit: int | None = prop("speedMb")
    duplex: bool | None = prop("duplex")


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkPolicy:
    """Security, teaming, shaping and offload of a switch or portgroup."""

    promiscuous: bool | None = prop("security.allowPromiscuous")
    mac_changes: bool | None = prop("security.macChanges")
    forged_transmits: bool | None = prop("security.forgedTransmits")
    teaming: str | None = prop("nicTeaming.policy")
    reverse_policy: bool | None = prop("nicTeaming.reversePolicy")
    notify_switches: bool | None = prop("nicTeaming.notifySwitches")
    rolling_order: bool | None = prop("nicTeaming.rollingOrder")
    active_nics: tuple[str, ...] | None = prop("nicTeaming.nicOrder.activeNic")
    standby_nics: tuple[str, ...] | None = prop("nicTeaming.nicOrder.standbyNic")
    shaping: bool | None = prop("shapingPolicy.enabled")
    shaping_average: int | None = prop("shapingPolicy.averageBandwidth")
    shaping_peak: int | None = prop("shapingPolicy.peakBandwidth")
    shaping_burst: int | None = prop("shapingPolicy.burstSize")
    checksum_offload: bool | None = prop("offloadPolicy.csumOffload")
    tcp_segmentation: bool | None = prop("offloadPolicy.tcpSegmentation")
    zero_copy_transmit: bool | None = prop("offloadPolicy.zeroCopyXmit")


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualSwitch:
    """A standard switch."""

    name: str | None = prop("name")
    ports: int | None = prop("numPorts")
    free_ports: int | None = prop("numPortsAvailable")
    mtu: int | None = prop("mtu")
    physical_nics: tuple[str, ...] | None = prop("pnic")
    policy: NetworkPolicy | None = prop("spec.policy")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxySwitch:
    """The host's end of a distributed switch."""

    uuid: str | None = prop("dvsUuid")
    name: str | None = prop("dvsName")
    physical_nics: tuple[str, ...] | None = prop("pnic")


@dataclass(frozen=True, slots=True, kw_only=True)
class PortGroup:
    """A portgroup of a standard switch; `policy` is the one in force."""

    name: str | None = prop("spec.name")
    switch: str | None = prop("spec.vswitchName")
    vlan: int | None = prop("spec.vlanId")
    policy: NetworkPolicy | None = prop("computedPolicy")


@dataclass(frozen=True, slots=True, kw_only=True)
class VmkernelNic:
    """A VMkernel adapter."""

    device: str | None = prop("device")
    portgroup: str | None = prop("portgroup")
    mac: str | None = prop("spec.mac")
    dhcp: bool | None = prop("spec.ip.dhcp")
    ip_address: str | None = prop("spec.ip.ipAddress")
    subnet_mask: str | None = prop("spec.ip.subnetMask")
    ipv6: tuple["Ipv6Address", ...] | None = prop("spec.ip.ipV6Config.ipV6Address")
    mtu: int | None = prop("spec.mtu")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ipv6Address:
    """An IPv6 address with its prefix length."""

    address: str | None = prop("ipAddress")
    prefix: int | None = prop("prefixLength")


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualNicRole:
    """Which VMkernel adapters serve vmotion, vsan, management…; `selected` holds their keys."""

    role: str | None = prop("nicType")
    selected: tuple[str, ...] | None = prop("selectedVnic")


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallRule:
    """A set of ports of the host's own firewall, and whether every address may use them."""

    key: str | None = prop("key")
    enabled: bool | None = prop("enabled")
    all_addresses: bool | None = prop("allowedHosts.allIp")
