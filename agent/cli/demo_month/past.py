"""The estate as it was in the demonstration's month, made from how it is now and what it tells of the last 20 days. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from agent.cli.demo_month.cast import Cast, Month
from agent.cli.demo_month.story import host_failure, removed_at, resized_at, snapshot_kept
from agent.model.event import Event
from agent.model.inventory import Inventory
from agent.model.snapshot import SnapshotNode
from agent.model.virtual_machine import VirtualMachine

_WAS_ON = frozenset({"VmPoweredOffEvent", "VmSuspendedEvent", "VmGuestShutdownEvent", "VmPoweredOnEvent"})


def at_the_end(inventory: Inventory, told: Iterable[Event], month: Month) -> Inventory:
    """The estate at `month.until`. `told` are the estate's own events since then."""
    was_on: set[str] = set()
    homes: dict[str, str] = {}
    for event in sorted(told, key=lambda one: (one.created, one.key)):
        if event.vm is None:
            continue
        if event.kind in _WAS_ON:
            was_on.add(event.vm)
        source = event.fields.get("sourceHost.host")
        if source is not None:
            homes.setdefault(event.vm, source)
    vms = {}
    for moid, vm in inventory.vms.items():
        if vm.created is not None and vm.created > month.begin:
            continue
        running = moid in was_on or vm.power_state == "poweredOn"
        booted = vm.boot_time if vm.boot_time is not None and vm.boot_time < month.until else None
        vms[moid] = replace(
            vm,
            host=homes.get(moid, vm.host),
            power_state="poweredOn" if running else vm.power_state,
            boot_time=booted,
            suspend_time=None if running else vm.suspend_time,
            snapshots=_taken_before(vm.snapshots, month.begin),
        )
    hosts = {
        moid: replace(host, boot_time=host.boot_time if host.boot_time and host.boot_time < month.begin else None)
        for moid, host in inventory.hosts.items()
    }
    return replace(inventory, vms=vms, hosts=hosts)


def changes_at(month: Month) -> tuple[datetime, ...]:
    """The begin, and every time after it at which a size, a place, a snapshot or the set of VMs changed."""
    return tuple(
        sorted({month.begin, host_failure(month), resized_at(month), removed_at(month), *snapshot_kept(month)})
    )


def seen_at(past: Inventory, parts: Cast, month: Month, at: datetime) -> Inventory:
    """The inventory at one of those times, just after it."""
    vms = {moid: _as_of(vm, at) for moid, vm in past.vms.items()}

    def alter(vm: VirtualMachine | None, values: Mapping[str, object]) -> None:
        if vm is not None:
            vms[vm.moid] = replace(vms[vm.moid], **values)  # type: ignore[arg-type]  # names of its fields

    if at < resized_at(month):
        alter(parts.resized, {"cpus": parts.old_cpus})
    taken, removed = snapshot_kept(month)
    if parts.kept_snapshot is not None and taken <= at < removed:
        node = SnapshotNode(
            moid="snapshot-1999", name="før opgradering", description=None, created=taken, power_state="poweredOn"
        )
        alter(parts.kept_snapshot, {"snapshots": (node,)})
    if parts.failed_host is not None and at < host_failure(month):
        for victim in parts.victims:
            alter(victim, {"host": parts.failed_host.moid})
    if parts.removed is not None and at < removed_at(month):
        vms[parts.removed.moid] = parts.removed
    return replace(past, vms=vms)


def _as_of(vm: VirtualMachine, at: datetime) -> VirtualMachine:
    """Without what happened to it later."""
    if vm.suspend_time is not None and vm.suspend_time > at:
        vm = replace(vm, power_state="poweredOn", suspend_time=None)
    return replace(vm, boot_time=None) if vm.boot_time is not None and vm.boot_time > at else vm


def _taken_before(nodes: tuple[SnapshotNode, ...] | None, at: datetime) -> tuple[SnapshotNode, ...] | None:
    if nodes is None:
        return None
    return (
        tuple(
            replace(node, children=_taken_before(node.children, at))
            for node in nodes
            if node.created is not None and node.created < at
        )
        or None
    )
