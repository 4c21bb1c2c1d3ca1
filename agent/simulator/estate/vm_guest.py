"""What the guest says of itself: `guest`, as VMware Tools report it, while it runs and after it stopped."""

from functools import cache
from weakref import WeakKeyDictionary

from pyVmomi import vim

from agent.simulator.estate.copies import vary
from agent.simulator.estate.names import DOMAIN
from agent.simulator.estate.plan import GIB, VmPlan
from agent.simulator.estate.vm_hardware import NIC
from agent.simulator.objects import Estate

_guest = vim.vm.GuestInfo
CURRENT, OUTDATED, OPEN = "12389", "11365", "12325"
_ASCII = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "<": "", ">": "", "(": "", ")": "", "/": ""})

_GUEST = _guest(
    guestState="running",
    appHeartbeatStatus="appStatusGray",
    guestKernelCrashed=False,
    guestOperationsReady=True,
    interactiveGuestOperationsReady=False,
    guestStateChangeSupported=True,
    toolsRunningStatus="guestToolsRunning",
    customizationInfo=_guest.CustomizationInfo(customizationStatus="TOOLSDEPLOYPKG_IDLE"),
)
_SILENT = {
    "toolsRunningStatus": "guestToolsNotRunning",
    "guestState": "notRunning",
    "guestOperationsReady": False,
    "guestStateChangeSupported": False,
    "ipAddress": None,
    "net": [],
    "disk": [],
    "ipStack": [],
    "guestDetailedData": None,
}

# What each guest said when it last ran: vCenter forgets it at power-off, the guest does not.
_remembered: WeakKeyDictionary[Estate, dict[str, vim.vm.GuestInfo]] = WeakKeyDictionary()


def remember(estate: Estate, moid: str, guest: vim.vm.GuestInfo) -> None:
    """Keep what a running guest says for its next start."""
    _remembered.setdefault(estate, {})[moid] = guest


def remembered(estate: Estate, moid: str) -> vim.vm.GuestInfo | None:
    """What the guest said when it last ran; None for a VM never seen running."""
    return _remembered.get(estate, {}).get(moid)


def running_guest(vm: VmPlan, network_names: dict[str, str]) -> vim.vm.GuestInfo:
    """`guest` of the VM while it runs."""
    if vm.tools == "absent":
        return vary(
            _GUEST,
            **_SILENT | {"guestState": "notRunning"},
            toolsStatus="toolsNotInstalled",
            toolsVersionStatus="guestToolsNotInstalled",
            toolsVersionStatus2="guestToolsNotInstalled",
            toolsVersion="0",
            hwVersion=vm.hardware,
        )
    version, old = _version(vm)
    host_name = f"{vm.name.lower().translate(_ASCII)}.{DOMAIN}"
    guest = vary(
        _GUEST,
        toolsStatus="toolsOld" if vm.tools == "outdated" else "toolsOk",
        toolsVersionStatus=old or ("guestToolsUnmanaged" if vm.os.open_vm_tools else "guestToolsCurrent"),
        toolsVersionStatus2=old or ("guestToolsUnmanaged" if vm.os.open_vm_tools else "guestToolsCurrent"),
        toolsVersion=version,
        toolsInstallType="guestToolsTypeOpenVMTools" if vm.os.open_vm_tools else "guestToolsTypeMSI",
        guestId=vm.os.guest_id,
        guestFamily=vm.os.family,
        guestFullName=vm.os.reported,
        guestDetailedData=_detailed(vm.os.guest_id, vm.os.reported),
        hostName=host_name,
        ipAddress=vm.nics[0].ip,
        net=[_nic(network_names[nic.network], nic.mac, nic.ip, index) for index, nic in enumerate(vm.nics)],
        disk=_partitions(vm),
        hwVersion=vm.hardware,
    )
    return silent_guest(guest) if vm.tools == "stopped" else guest


def silent_guest(guest: vim.vm.GuestInfo) -> vim.vm.GuestInfo:
    """The same guest when Tools no longer run: what vCenter keeps is its name, system and Tools version."""
    status = guest.toolsStatus if guest.toolsStatus == "toolsNotInstalled" else "toolsNotRunning"
    return vary(guest, toolsStatus=status, **_SILENT)


def guest_summary(guest: vim.vm.GuestInfo) -> vim.vm.Summary.GuestSummary:
    """`summary.guest`."""
    return vim.vm.Summary.GuestSummary(
        guestId=guest.guestId,
        guestFullName=guest.guestFullName,
        toolsStatus=guest.toolsStatus,
        toolsVersionStatus=guest.toolsVersionStatus,
        toolsVersionStatus2=guest.toolsVersionStatus2,
        toolsRunningStatus=guest.toolsRunningStatus,
        hostName=guest.hostName,
        ipAddress=guest.ipAddress,
        hwVersion=guest.hwVersion,
    )


def _version(vm: VmPlan) -> tuple[str, str | None]:
    if vm.tools == "outdated":
        return OUTDATED, "guestToolsTooOld" if vm.hardware == "vmx-10" else "guestToolsNeedUpgrade"
    return (OPEN if vm.os.open_vm_tools else CURRENT), None


@cache
def _detailed(guest_id: str, name: str) -> str:
    family = "Windows" if guest_id.startswith("windows") else "Linux"
    kernel = "10.0.20348" if family == "Windows" else "5.14.0-503.el9"
    return f"architecture='X86' bitness='64' familyName='{family}' kernelVersion='{kernel}' prettyName='{name}'"


def _nic(network: str, mac: str, ip: str, index: int) -> vim.vm.GuestInfo.NicInfo:
    return _guest.NicInfo(
        network=network,
        ipAddress=[ip],
        macAddress=mac,
        connected=True,
        deviceConfigId=NIC + index,
        ipConfig=vim.net.IpConfigInfo(
            ipAddress=[
                vim.net.IpConfigInfo.IpAddress(ipAddress=ip, prefixLength=24, origin="manual", state="preferred")
            ]
        ),
    )


def _partitions(vm: VmPlan) -> list[vim.vm.GuestInfo.DiskInfo]:
    """One partition a disk: drive letters on Windows, mount points on Linux."""
    paths = ("C:\\", "D:\\", "E:\\", "F:\\") if vm.os.windows else ("/", "/srv", "/var/lib/data", "/opt")
    kind = "NTFS" if vm.os.windows else "xfs" if vm.os.guest_id.startswith("rhel") else "ext4"
    partitions = []
    for index, (path, disk) in enumerate(zip(paths, vm.disks, strict=False)):
        # boot and recovery partitions take a little of the disk
        capacity = disk.size_gib * GIB - (GIB if index == 0 else GIB // 64)
        key = 2000 + index + (16 if disk.kind in ("rdm", "multi-writer") else 0)
        partitions.append(
            _guest.DiskInfo(
                diskPath=path,
                capacity=capacity,
                freeSpace=int(capacity * min(disk.guest_free, 0.95)) // 4096 * 4096,
                filesystemType=kind,
                mappings=[_guest.VirtualDiskMapping(key=key)],
            )
        )
    return partitions
