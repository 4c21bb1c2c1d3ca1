"""Virtual devices: `config.hardware.device`. `kind` is the device's class on the wire, e.g. VirtualVmxnet3."""

from __future__ import annotations

from agent.dataclass import dataclass
from agent.model.property import prop

_FLAT = "backing[vim.vm.device.VirtualDisk.FlatVer2BackingInfo]"
_RDM = "backing[vim.vm.device.VirtualDisk.RawDiskMappingVer1BackingInfo]"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskParent:
    """What a disk was before its newest snapshot; as many parents as snapshots."""

    file: str | None = prop("fileName")
    parent: DiskParent | None = prop("parent")


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualDisk:
    """A virtual disk; capacity in bytes."""

    key: int | None = prop("key")
    label: str | None = prop("deviceInfo.label")
    unit_number: int | None = prop("unitNumber")
    controller_key: int | None = prop("controllerKey")
    capacity_bytes: int | None = prop("capacityInBytes")
    backing: str | None = prop("backing.@type")
    file: str | None = prop("backing[vim.vm.device.VirtualDevice.FileBackingInfo].fileName")
    datastore: str | None = prop("backing[vim.vm.device.VirtualDevice.FileBackingInfo].datastore")
    uuid: str | None = prop(f"{_FLAT}.uuid")
    thin: bool | None = prop(f"{_FLAT}.thinProvisioned")
    eager_zero: bool | None = prop(f"{_FLAT}.eagerlyScrub")
    split: bool | None = prop(f"{_FLAT}.split")
    write_through: bool | None = prop(f"{_FLAT}.writeThrough")
    disk_mode: str | None = prop(f"{_FLAT}.diskMode")
    sharing: str | None = prop(f"{_FLAT}.sharing")
    change_id: str | None = prop(f"{_FLAT}.changeId")
    parent: DiskParent | None = prop(f"{_FLAT}.parent")
    rdm_lun: str | None = prop(f"{_RDM}.lunUuid")
    rdm_mode: str | None = prop(f"{_RDM}.compatibilityMode")
    shares: int | None = prop("storageIOAllocation.shares.shares")
    shares_level: str | None = prop("storageIOAllocation.shares.level")
    io_limit: int | None = prop("storageIOAllocation.limit")
    io_reservation: int | None = prop("storageIOAllocation.reservation")


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskController:
    """A controller of any kind; only SCSI ones have a bus sharing mode."""

    kind: str | None = prop("@type")
    key: int | None = prop("key")
    label: str | None = prop("deviceInfo.label")
    bus_number: int | None = prop("busNumber")
    shared_bus: str | None = prop("[vim.vm.device.VirtualSCSIController].sharedBus")


@dataclass(frozen=True, slots=True, kw_only=True)
class EthernetCard:
    """A virtual network card of any kind."""

    kind: str | None = prop("@type")
    key: int | None = prop("key")
    label: str | None = prop("deviceInfo.label")
    mac: str | None = prop("macAddress")
    address_type: str | None = prop("addressType")
    connected: bool | None = prop("connectable.connected")
    start_connected: bool | None = prop("connectable.startConnected")
    network: str | None = prop("backing[vim.vm.device.VirtualEthernetCard.NetworkBackingInfo].network")
    portgroup: str | None = prop(
        "backing[vim.vm.device.VirtualEthernetCard.DistributedVirtualPortBackingInfo].port.portgroupKey"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cdrom:
    """A CD drive; `iso` where an image is its backing."""

    label: str | None = prop("deviceInfo.label")
    connected: bool | None = prop("connectable.connected")
    start_connected: bool | None = prop("connectable.startConnected")
    backing: str | None = prop("backing.@type")
    iso: str | None = prop("backing[vim.vm.device.VirtualCdrom.IsoBackingInfo].fileName")


@dataclass(frozen=True, slots=True, kw_only=True)
class Floppy:
    """A floppy drive."""

    label: str | None = prop("deviceInfo.label")
    connected: bool | None = prop("connectable.connected")
    start_connected: bool | None = prop("connectable.startConnected")


@dataclass(frozen=True, slots=True, kw_only=True)
class UsbDevice:
    """A USB device passed through to the VM."""

    label: str | None = prop("deviceInfo.label")
    unit_number: int | None = prop("unitNumber")
    connected: bool | None = prop("connected")
    family: tuple[str, ...] | None = prop("family")
    speed: tuple[str, ...] | None = prop("speed")


@dataclass(frozen=True, slots=True, kw_only=True)
class UsbController:
    """A USB controller."""

    label: str | None = prop("deviceInfo.label")
    bus_number: int | None = prop("busNumber")
    ehci_enabled: bool | None = prop("ehciEnabled")
    auto_connect: bool | None = prop("autoConnectDevices")


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoCard:
    """The virtual video card."""

    video_ram_kib: int | None = prop("videoRamSizeInKB")
    displays: int | None = prop("numDisplays")
