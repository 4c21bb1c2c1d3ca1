from agent.health.catalogue import Faults, check
from agent.health.grading import at_most
from agent.health.subjects import RUNNING, VM
from agent.health.wording import size
from agent.model.health import Fault, State
from agent.model.virtual_machine import GuestDisk, VirtualMachine

_READ_ONLY = frozenset({"cdfs", "iso9660", "udf", "squashfs"})
_SMALL = ("/boot", "/snap/", "/run", "/dev", "/sys")
_MIB = 1024**2


@check(VM, State.WARNING, State.CRITICAL, sees=("guest_disks",), when=RUNNING, lasting_minutes=30)
def vm_guest_disk_full(
    vm: VirtualMachine, *, warning_percent: float = 15, critical_percent: float = 5, from_gib: float = 1
) -> Faults:
    """A file system in a guest is nearly full.

    Meaning: free space of its drives and mount points as VMware Tools report it. CDs, boot partitions and those smaller
    than `from_gib` are left out.
    Impact: the server stops writing: databases, logs, log-ins.
    Ask the vendor: who grows the disk, and how long does it take from the order on?
    """
    for disk in vm.guest_disks or ():
        path, capacity, free = disk.path or "", disk.capacity_bytes, disk.free_bytes
        if capacity is None or free is None or capacity < from_gib * 1024 * _MIB:
            continue
        if (disk.filesystem or "").casefold() in _READ_ONLY or path.startswith(_SMALL):
            continue
        share = 100 * free / capacity
        if state := at_most(share, warning=warning_percent, critical=critical_percent):
            yield Fault(state, f"{path} has {share:.1f} % free: {size(free)} of {size(capacity)}", part=path)


vm_guest_disk_full.fires(guest_disks=(GuestDisk(path="C:\\", capacity_bytes=10**11, free_bytes=2 * 10**9),))
vm_guest_disk_full.silent(guest_disks=(GuestDisk(path="C:\\", capacity_bytes=10**11, free_bytes=4 * 10**10),))
