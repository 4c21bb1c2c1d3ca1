"""`config.hardware.device` of a VM: controllers and cards that all share, disks and network cards of its own."""

import uuid
from functools import cache

from pyVmomi import vim

from agent.simulator.estate.copies import vary
from agent.simulator.estate.networks import SWITCH_UUID
from agent.simulator.estate.plan import GIB, MIB, DiskPlan, NicPlan, VmPlan

_device = vim.vm.device
SCSI, DISK, NIC, CDROM, FLOPPY, USB = 1000, 2000, 4000, 3000, 8000, 14000
RDM_LUN = "020003000060060160a5b0420000c0ffee00000001565241494420"


def _info(label: str, summary: str) -> vim.Description:
    return vim.Description(label=label, summary=summary)


@cache
def _description(label: str, summary: str) -> vim.Description:
    return _info(label, summary)


@cache
def _connectable(connected: bool, start: bool) -> vim.vm.device.VirtualDevice.ConnectInfo:
    return _device.VirtualDevice.ConnectInfo(
        startConnected=start, allowGuestControl=True, connected=connected, status="ok" if connected else "untried"
    )


PLAIN = (
    _device.VirtualIDEController(key=200, deviceInfo=_info("IDE 0", "IDE 0"), busNumber=0, device=[]),
    _device.VirtualIDEController(key=201, deviceInfo=_info("IDE 1", "IDE 1"), busNumber=1, device=[CDROM]),
    _device.VirtualPS2Controller(
        key=300, deviceInfo=_info("PS2 controller 0", "PS2 controller 0"), busNumber=0, device=[600, 700]
    ),
    _device.VirtualPCIController(
        key=100, deviceInfo=_info("PCI controller 0", "PCI controller 0"), busNumber=0, device=[500, 12000, 1000, 4000]
    ),
    _device.VirtualKeyboard(key=600, deviceInfo=_info("Keyboard", "Keyboard"), controllerKey=300, unitNumber=0),
    _device.VirtualPointingDevice(
        key=700,
        deviceInfo=_info("Pointing device", "Pointing device; Device"),
        backing=_device.VirtualPointingDevice.DeviceBackingInfo(
            deviceName="", useAutoDetect=False, hostPointingDevice="autodetect"
        ),
        controllerKey=300,
        unitNumber=1,
    ),
    _device.VirtualVideoCard(
        key=500,
        deviceInfo=_info("Video card ", "Video card"),
        controllerKey=100,
        unitNumber=0,
        videoRamSizeInKB=8192,
        numDisplays=1,
        useAutoDetect=False,
        enable3DSupport=False,
        use3dRenderer="automatic",
        graphicsMemorySizeInKB=262_144,
    ),
)
_PVSCSI = _device.ParaVirtualSCSIController(
    deviceInfo=_info("SCSI controller 0", "VMware paravirtual SCSI"),
    controllerKey=100,
    unitNumber=3,
    busNumber=0,
    hotAddRemove=True,
    sharedBus="noSharing",
    scsiCtlrUnitNumber=7,
)


@cache
def _scsi(bus: int, disks: int, shared: bool) -> vim.vm.device.ParaVirtualSCSIController:
    return vary(
        _PVSCSI,
        key=SCSI + bus,
        busNumber=bus,
        device=[DISK + 16 * bus + n for n in range(disks)],
        deviceInfo=_info(f"SCSI controller {bus}", "VMware paravirtual SCSI"),
        sharedBus="physicalSharing" if shared else "noSharing",
    )


_FLAT = _device.VirtualDisk.FlatVer2BackingInfo(
    diskMode="persistent",
    split=False,
    writeThrough=False,
    thinProvisioned=True,
    eagerlyScrub=False,
    digestEnabled=False,
    sharing="sharingNone",
)
_DISK = _device.VirtualDisk(
    controllerKey=SCSI,
    unitNumber=0,
    shares=vim.SharesInfo(shares=1000, level="normal"),
    storageIOAllocation=vim.StorageResourceManager.IOAllocationInfo(
        limit=-1, shares=vim.SharesInfo(shares=1000, level="normal"), reservation=0
    ),
    nativeUnmanagedLinkedClone=False,
    guestReadOnly=False,
)


def disk_file(vm: VmPlan, index: int, datastore_name: str) -> str:
    """The descriptor file of a disk without snapshots."""
    return f"[{datastore_name}] {vm.home}/{vm.file_stem}" + (f"_{index}" if index else "") + ".vmdk"


def device_uuid(vm: VmPlan, what: str) -> str:
    """A stable UUID in VMware's spelling for a part of a VM."""
    plain = uuid.uuid5(uuid.UUID(int=0), f"{vm.uuid}/{what}").hex
    return f"6000C29{plain[:1]}-{plain[1:5]}-{plain[5:9]}-{plain[9:13]}-{plain[13:25]}"


def _backing(vm: VmPlan, disk: DiskPlan, index: int, file: str) -> vim.vm.device.VirtualDevice.BackingInfo:
    datastore = vim.Datastore(vm.datastore)
    own = device_uuid(vm, f"disk{index}")
    if disk.kind == "rdm":
        return _device.VirtualDisk.RawDiskMappingVer1BackingInfo(
            fileName=file,
            datastore=datastore,
            lunUuid=RDM_LUN,
            deviceName=f"vml.{RDM_LUN}",
            compatibilityMode="physicalMode",
            diskMode="independent_persistent",
            uuid=own,
            sharing="sharingNone",
        )
    return vary(
        _FLAT,
        fileName=file,
        datastore=datastore,
        uuid=own,
        contentId=own.replace("-", "").lower()[:32],
        changeId=None if vm.backup_age is None else f"52 {own[:8]}/14",
        thinProvisioned=disk.kind in ("thin", "independent"),
        eagerlyScrub=disk.kind in ("eager", "multi-writer"),
        diskMode="independent_persistent" if disk.kind == "independent" else "persistent",
        sharing="sharingMultiWriter" if disk.kind == "multi-writer" else "sharingNone",
    )


def _disk(vm: VmPlan, disk: DiskPlan, index: int, file: str) -> vim.vm.device.VirtualDisk:
    # shared disks hang on a bus of their own, as failover clusters do it
    bus = 1 if disk.kind in ("rdm", "multi-writer") else 0
    return vary(
        _DISK,
        key=DISK + 16 * bus + index,
        controllerKey=SCSI + bus,
        unitNumber=index,
        deviceInfo=_description(f"Hard disk {index + 1}", f"{disk.size_gib * GIB // 1024:,} KB"),
        backing=_backing(vm, disk, index, file),
        capacityInKB=disk.size_gib * GIB // 1024,
        capacityInBytes=disk.size_gib * GIB,
        diskObjectId=f"{vm.moid[3:]}-{DISK + index}",
        vDiskVersion=1,
    )


_NICS = {
    "vmxnet3": _device.VirtualVmxnet3(uptCompatibilityEnabled=True, uptv2Enabled=False),
    "e1000": _device.VirtualE1000(),
    "e1000e": _device.VirtualE1000e(),
}


def _nic(vm: VmPlan, nic: NicPlan, index: int, name: str) -> vim.vm.device.VirtualEthernetCard:
    backing: vim.vm.device.VirtualDevice.BackingInfo
    if nic.network.startswith("dvportgroup"):
        backing = _device.VirtualEthernetCard.DistributedVirtualPortBackingInfo(
            port=vim.dvs.PortConnection(
                switchUuid=SWITCH_UUID, portgroupKey=nic.network, portKey=str(int(vm.moid[3:]) % 8192)
            )
        )
        summary = f"DVSwitch: {SWITCH_UUID}"
    else:
        backing = _device.VirtualEthernetCard.NetworkBackingInfo(
            deviceName=name, useAutoDetect=False, network=vim.Network(nic.network)
        )
        summary = name
    return vary(
        _NICS[nic.model],
        key=NIC + index,
        controllerKey=100,
        unitNumber=7 + index,
        deviceInfo=_description(f"Network adapter {index + 1}", summary),
        backing=backing,
        connectable=_connectable(nic.connected and vm.running, nic.connected),
        addressType="assigned",
        macAddress=nic.mac,
        wakeOnLanEnabled=True,
    )


@cache
def _cdrom(kind: str, datastore: str) -> vim.vm.device.VirtualCdrom:
    iso = kind == "iso"
    backing = (
        _device.VirtualCdrom.IsoBackingInfo(
            fileName="[NFS-ISO-01] iso/Citrix_Virtual_Apps_2402.iso", datastore=vim.Datastore(datastore)
        )
        if iso
        else _device.VirtualCdrom.RemotePassthroughBackingInfo(deviceName="", useAutoDetect=False, exclusive=False)
    )
    return _device.VirtualCdrom(
        key=CDROM,
        deviceInfo=_info("CD/DVD drive 1", "ISO [NFS-ISO-01]" if iso else "Remote device"),
        backing=backing,
        connectable=_connectable(iso, iso),
        controllerKey=201,
        unitNumber=0,
    )


FLOPPY_DRIVE = _device.VirtualFloppy(
    key=FLOPPY,
    deviceInfo=_info("Floppy drive 1", "Remote "),
    backing=_device.VirtualFloppy.RemoteDeviceBackingInfo(deviceName="", useAutoDetect=False),
    connectable=_connectable(False, False),
    controllerKey=400,
    unitNumber=0,
)
USB_PARTS = (
    _device.VirtualUSBController(
        key=7000,
        deviceInfo=_info("USB controller", "Auto connect Disabled"),
        controllerKey=100,
        unitNumber=22,
        busNumber=0,
        device=[USB],
        autoConnectDevices=False,
        ehciEnabled=True,
    ),
    _device.VirtualUSB(
        key=USB,
        deviceInfo=_info("USB 1", "SafeNet Sentinel HASP"),
        backing=_device.VirtualUSB.USBBackingInfo(deviceName="path:1/0/4", useAutoDetect=False),
        controllerKey=7000,
        unitNumber=0,
        connected=True,
        vendor=0x0529,
        product=0x0001,
        family=["other"],
        speed=["full"],
    ),
)
TPM = _device.VirtualTPM(key=11000, deviceInfo=_info("Virtual TPM", "Trusted Platform Module"))


def devices(
    vm: VmPlan, datastore_name: str, network_names: dict[str, str], iso_datastore: str
) -> list[vim.vm.device.VirtualDevice]:
    """All devices of a VM; `datastore_name` and `network_names` (moid to name) are what paths and labels show."""
    shared = sum(disk.kind in ("rdm", "multi-writer") for disk in vm.disks)
    parts: list[vim.vm.device.VirtualDevice] = [*PLAIN, _scsi(0, len(vm.disks) - shared, False)]
    if shared:
        parts.append(_scsi(1, shared, any(disk.kind == "rdm" for disk in vm.disks)))
    for index, disk in enumerate(vm.disks):
        parts.append(_disk(vm, disk, index, disk_file(vm, index, datastore_name)))
    parts.extend(_nic(vm, nic, index, network_names[nic.network]) for index, nic in enumerate(vm.nics))
    if vm.cdrom != "none":
        parts.append(_cdrom(vm.cdrom, iso_datastore))
    if vm.floppy:
        parts.append(FLOPPY_DRIVE)
    if vm.usb_dongle:
        parts.extend(USB_PARTS)
    if vm.encrypted:
        parts.append(TPM)
    return parts


def overhead_bytes(vm: VmPlan) -> int:
    """Memory that the hypervisor reserves for a VM beside its own: `runtime.memoryOverhead`, B."""
    return (40 + 12 * vm.cpus + vm.memory_mib // 110) * MIB
