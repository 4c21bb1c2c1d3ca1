"""Changing the parts of a VM or host that vCenter shows in several places: all of them together."""

from collections.abc import Sequence
from typing import Any

from pyVmomi import vim

from agent.simulator.estate.copies import vary
from agent.simulator.estate.vm_guest import guest_summary, remember, remembered, silent_guest
from agent.simulator.estate.vm_runtime import IDLE
from agent.simulator.estate.vm_snapshots import Stored, disks_of
from agent.simulator.estate.vm_storage import storage_info, storage_summary
from agent.simulator.objects import Estate
from agent.simulator.schema import id_of


def set_runtime(estate: Estate, moid: str, **changes: Any) -> None:
    """Change `runtime` of a VM or host, and `summary.runtime` with it."""
    runtime = vary(estate.get(moid, "runtime"), **changes)
    estate.set(moid, "runtime", runtime)
    estate.set(moid, "summary.runtime", runtime)


def set_heartbeat(estate: Estate, vm: str, status: str) -> None:
    """`guestHeartbeatStatus`, and where `summary.quickStats` repeats it."""
    estate.set(vm, "guestHeartbeatStatus", status)
    quick = estate.get(vm, "summary.quickStats")
    estate.set(vm, "summary.quickStats", vary(quick, guestHeartbeatStatus=status))


def set_guest(estate: Estate, vm: str, guest: vim.vm.GuestInfo) -> None:
    """`guest` and `summary.guest`."""
    estate.set(vm, "guest", guest)
    estate.set(vm, "summary.guest", guest_summary(guest))


def silence_guest(estate: Estate, vm: str, heartbeat: str = "gray") -> None:
    """The guest stops talking; what it said is kept for its next start."""
    guest = estate.get(vm, "guest")
    if guest.toolsRunningStatus == "guestToolsRunning":
        remember(estate, vm, vary(guest, guestKernelCrashed=False))
    set_guest(estate, vm, silent_guest(guest))
    set_heartbeat(estate, vm, heartbeat)


def wake_guest(estate: Estate, vm: str) -> None:
    """The guest says again what it said when it last ran; without Tools it stays silent."""
    guest = remembered(estate, vm)
    if guest is None or guest.toolsRunningStatus != "guestToolsRunning":
        return
    set_guest(estate, vm, guest)
    set_heartbeat(estate, vm, "green")


def set_idle(estate: Estate, vm: str) -> None:
    """`summary.quickStats` of a VM that does not run."""
    estate.set(vm, "summary.quickStats", IDLE)


def stored(estate: Estate, vm: str) -> Stored:
    """The storage of a VM as it is."""
    return Stored(
        devices=list(estate.get(vm, "config.hardware.device")),
        layout=estate.get(vm, "layoutEx"),
        snapshot=estate.get(vm, "snapshot"),
    )


def set_layout(estate: Estate, vm: str, layout: vim.vm.FileLayoutEx) -> None:
    """Change a VM's files: `layoutEx`, `storage`, `summary.storage`, and the free space of its datastore."""
    now = estate.now()
    before = estate.get(vm, "summary.storage")
    disks = disks_of(estate.get(vm, "config.hardware.device"))
    after = storage_summary(layout, disks, now)
    datastore = estate.get(vm, "datastore")[0]
    estate.set(vm, "layoutEx", vary(layout, timestamp=now))
    estate.set(vm, "storage", storage_info(datastore, after))
    estate.set(vm, "summary.storage", after)
    take_space(
        estate,
        id_of(datastore),
        after.committed - before.committed,
        uncommitted=after.uncommitted - before.uncommitted,
    )


def take_space(estate: Estate, datastore: str, taken: int, *, uncommitted: int = 0) -> None:
    """Change the free space of a datastore by `taken` bytes (negative: given back), never below 0 or above capacity."""
    summary = estate.get(datastore, "summary")
    free = min(summary.capacity, max(0, summary.freeSpace - taken))
    total = max(0, (summary.uncommitted or 0) + uncommitted)
    estate.set(datastore, "summary", vary(summary, freeSpace=free, uncommitted=total))
    info = estate.get(datastore, "info")
    estate.set(datastore, "info", vary(info, freeSpace=free, timestamp=estate.now()))
    above = estate.get(datastore, "parent")
    if isinstance(above, vim.StoragePod):
        pod = id_of(above)
        members = [estate.get(id_of(one), "summary.freeSpace") for one in estate.get(pod, "childEntity")]
        estate.set(pod, "summary", vary(estate.get(pod, "summary"), freeSpace=sum(members)))


def list_in(estate: Estate, holder: str, path: str, ref: Any) -> None:
    """Add a reference to a list of another object."""
    refs: Sequence[Any] = estate.get(holder, path) or []
    if ref not in refs:
        estate.set(holder, path, [*refs, ref])


def unlist(estate: Estate, holder: str, path: str, ref: Any) -> None:
    """Take a reference from a list of another object."""
    refs: Sequence[Any] = estate.get(holder, path) or []
    estate.set(holder, path, [one for one in refs if one != ref])


def register(estate: Estate, vm: str, host: str) -> None:
    """Put a VM on a host: `runtime.host` and the `vm` lists of both hosts."""
    ref = estate.entry(vm).ref
    unlist(estate, id_of(estate.get(vm, "runtime.host")), "vm", ref)
    set_runtime(estate, vm, host=vim.HostSystem(host))
    list_in(estate, host, "vm", ref)


def vms_on(estate: Estate, host: str) -> list[str]:
    """The VMs registered on a host."""
    return [id_of(ref) for ref in estate.get(host, "vm")]


def peers_of(estate: Estate, host: str) -> list[str]:
    """The other hosts of a host's cluster; none for a standalone host."""
    return [id_of(ref) for ref in estate.get(id_of(estate.get(host, "parent")), "host") if id_of(ref) != host]


def protected_by_ha(estate: Estate, host: str) -> bool:
    """Whether HA is on in the cluster of a host."""
    return bool(estate.get(host, "runtime.dasHostState"))
