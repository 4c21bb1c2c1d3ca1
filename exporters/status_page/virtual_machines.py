"""The table of virtual machines. Templates are not machines that run, so they are only counted."""

from collections.abc import Iterator

from agent.dataclass import dataclass
from agent.model.placement import Placement, place_vms
from agent.model.snapshot import flatten
from agent.model.virtual_machine import VirtualMachine
from exporters.status_page.columns import Load, Words, count, load, loads, shown, size, text, words
from exporters.status_page.seen import Seen, name_or_moid
from exporters.status_page.table import Cell, Kind, Layout, Level
from exporters.status_page.wording import MIB, duration_text, frequency_text, size_text

STATE_WORDS: Words = {
    "poweredOn": ("on", Level.OK),
    "poweredOff": ("off", None),
    "suspended": ("suspended", Level.WARNING),
    "disconnected": ("host lost", Level.BAD),
    "inaccessible": ("files lost", Level.BAD),
    "orphaned": ("orphaned", Level.BAD),
    "invalid": ("invalid", Level.BAD),
}
_TOOLS_RUNNING = {
    "guestToolsRunning": "running",
    "guestToolsNotRunning": "not running",
    "guestToolsExecutingScripts": "executing scripts",
}
_TOOLS_VERSION = {
    "guestToolsNotInstalled": "not installed",
    "guestToolsNeedUpgrade": "upgrade offered",
    "guestToolsSupportedOld": "upgrade offered",
    "guestToolsTooOld": "too old",
    "guestToolsBlacklisted": "faulty version",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VmRow:
    """A VM with its place and what may not be read of it."""

    source: Seen
    vm: VirtualMachine
    placement: Placement
    snapshots_readable: bool


def is_lost(vm: VirtualMachine) -> bool:
    """Whether vCenter has lost sight of it."""
    return vm.connection_state not in {None, "connected"}


def state(vm: VirtualMachine) -> str | None:
    """The power state; of a VM that vCenter has lost sight of, how it was lost: its power state is only the last known."""
    return vm.connection_state if is_lost(vm) else vm.power_state


def machines(source: Seen) -> Iterator[VirtualMachine]:
    """The VMs of one vCenter that are not templates."""
    return (vm for vm in source.inventory.vms.values() if vm.template is not True)


def vm_rows(sources: tuple[Seen, ...]) -> list[VmRow]:
    """Every VM that is seen and is not a template."""
    rows = []
    for source in sources:
        placements = place_vms(source.inventory)
        hidden = {gap.moid for gap in source.inventory.unreadable if gap.path.startswith("snapshot")}
        rows += [
            VmRow(source=source, vm=vm, placement=placements[vm.moid], snapshots_readable=vm.moid not in hidden)
            for vm in machines(source)
        ]
    return rows


def vm_layout() -> Layout[VmRow]:
    """State first, then what it is, where it is, and how busy."""
    return Layout(
        key="vm",
        title="Virtual machines",
        columns=(
            text("name", "VM", lambda row: name_or_moid(row.vm.name, row.vm.moid)),
            words("state", "State", lambda row: state(row.vm), STATE_WORDS),
            text("os", "Guest OS", lambda row: row.vm.guest_os or row.vm.configured_os),
            text("ip", "IP address", lambda row: row.vm.ip_address),
            text("host", "Host", lambda row: row.placement.host_name),
            text("cluster", "Cluster", lambda row: row.placement.cluster_name),
            text("folder", "Folder", lambda row: row.placement.folder or None),
            count("cpus", "vCPUs", lambda row: row.vm.cpus),
            loads("cpu", "CPU", _cpu, watched=False),
            size("size", "Memory", lambda row: None if row.vm.memory_mib is None else row.vm.memory_mib * MIB),
            loads("memory", "Active", _active_memory, watched=False),
            text("tools", "Tools", lambda row: tools_text(row.vm)),
            count("snapshots", "Snapshots", _snapshots),
            shown("uptime", "Uptime", _uptime_s, _uptime_cell, float, kind=Kind.NUMBER),
            text("vcenter", "vCenter", lambda row: row.source.target.name),
        ),
        order="name",
        empty="No VM is visible to the account.",
        stale=lambda row: row.source.stale,
    )


def tools_text(vm: VirtualMachine) -> str | None:
    """VMware Tools in a word or two: `running`, `running, upgrade offered`, `not installed`."""
    version = _TOOLS_VERSION.get(vm.tools_version_status or "")
    if version == "not installed" or vm.tools_running_status is None:
        return version
    running = _TOOLS_RUNNING.get(vm.tools_running_status, vm.tools_running_status)
    return f"{running}, {version}" if version else running


def _runs(row: VmRow) -> bool:
    # vCenter reports usage and uptime of 0 for a VM that is off, and the last known for one that is lost
    return state(row.vm) == "poweredOn"


def _cpu(row: VmRow) -> Load | None:
    return load(row.vm.cpu_usage_mhz, row.vm.max_cpu_usage_mhz, frequency_text) if _runs(row) else None


def _active_memory(row: VmRow) -> Load | None:
    active, size_mib = row.vm.memory_active_mib, row.vm.memory_mib
    if active is None or size_mib is None or not _runs(row):
        return None
    return load(active * MIB, size_mib * MIB, size_text)


def _snapshots(row: VmRow) -> int | None:
    # `snapshot` is unset on a VM that has none, so unset means none unless vCenter refused it
    return sum(1 for _ in flatten(row.vm.snapshots)) if row.snapshots_readable else None


def _uptime_s(row: VmRow) -> int | None:
    return row.vm.uptime_s if _runs(row) else None


def _uptime_cell(seconds: int) -> Cell:
    return Cell(text=duration_text(seconds), title=f"{seconds:,} s")
