"""What is not fine right now, straight from vCenter's own words.

A VM that is powered off is not listed: whether it should be on is not something vCenter knows.
"""

from collections.abc import Iterator
from urllib.parse import urlencode

from agent.dataclass import dataclass
from agent.model.datastore import Datastore
from agent.model.host import HostSystem
from agent.model.virtual_machine import VirtualMachine
from exporters.status_page.columns import NEARLY_FULL_RATIO, prose, shown, text
from exporters.status_page.datastores import space_used
from exporters.status_page.seen import Seen, name_or_moid
from exporters.status_page.table import Cell, Layout, Level
from exporters.status_page.virtual_machines import is_lost, machines
from exporters.status_page.wording import counted, percent_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A kind of trouble, as a sentence counts it: `1 host not responding`, `2 hosts not responding`."""

    table: str
    level: Level
    one: str
    many: str


HOST_NOT_RESPONDING = Condition(table="host", level=Level.BAD, one="host not responding", many="hosts not responding")
HOST_DISCONNECTED = Condition(table="host", level=Level.BAD, one="host disconnected", many="hosts disconnected")
DATASTORE_INACCESSIBLE = Condition(
    table="datastore", level=Level.BAD, one="datastore not accessible", many="datastores not accessible"
)
VM_NOT_CONNECTED = Condition(table="vm", level=Level.BAD, one="VM not connected", many="VMs not connected")
VM_CRASHED = Condition(table="vm", level=Level.BAD, one="VM with a crashed kernel", many="VMs with a crashed kernel")
VM_DISK_CHAIN_BROKEN = Condition(
    table="vm", level=Level.BAD, one="VM with a broken disk chain", many="VMs with a broken disk chain"
)
VM_SILENT = Condition(table="vm", level=Level.BAD, one="VM without heartbeat", many="VMs without heartbeat")
VM_WAITING = Condition(table="vm", level=Level.BAD, one="VM waiting for an answer", many="VMs waiting for an answer")
DATASTORE_NEARLY_FULL = Condition(
    table="datastore", level=Level.WARNING, one="datastore over 90 % full", many="datastores over 90 % full"
)
VM_NEEDS_CONSOLIDATION = Condition(
    table="vm", level=Level.WARNING, one="VM in need of disk consolidation", many="VMs in need of disk consolidation"
)
CONDITIONS = (
    HOST_NOT_RESPONDING,
    HOST_DISCONNECTED,
    DATASTORE_INACCESSIBLE,
    VM_NOT_CONNECTED,
    VM_CRASHED,
    VM_DISK_CHAIN_BROKEN,
    VM_SILENT,
    VM_WAITING,
    DATASTORE_NEARLY_FULL,
    VM_NEEDS_CONSOLIDATION,
)
"""In the order in which they are told: the bad ones first, and what pulls others down before what it pulls down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One object that is not fine in one way."""

    source: Seen
    condition: Condition
    name: str
    place: str | None
    detail: str | None


def troubles(sources: tuple[Seen, ...]) -> list[Trouble]:
    """Everything that is not fine, in the order of `CONDITIONS`."""
    found: list[Trouble] = []
    for source in sources:
        for host in source.inventory.hosts.values():
            found += _of_host(source, host)
        for datastore in source.inventory.datastores.values():
            found += _of_datastore(source, datastore)
        for vm in machines(source):
            found += _of_vm(source, vm)
    rank = {condition: index for index, condition in enumerate(CONDITIONS)}
    return sorted(found, key=lambda trouble: rank[trouble.condition])


def trouble_layout() -> Layout[Trouble]:
    """The first thing to read after the verdict."""
    return Layout(
        key="problem",
        title="Needs attention",
        columns=(
            shown("problem", "Problem", lambda row: row.condition, _condition_cell, lambda known: known.one),
            shown("name", "Object", lambda row: row, _name_cell, lambda row: row.name),
            text("place", "Where", lambda row: row.place),
            prose("detail", "Detail", lambda row: row.detail),
            text("vcenter", "vCenter", lambda row: row.source.target.name),
        ),
        order="",
        empty="Nothing: hosts and datastores can be reached, and no VM reports a problem.",
        stale=lambda row: row.source.stale,
    )


def _condition_cell(condition: Condition) -> Cell:
    return Cell(text=condition.one[0].upper() + condition.one[1:], level=condition.level)


def _name_cell(trouble: Trouble) -> Cell:
    """Leads to the object's row in its own table."""
    table = trouble.condition.table
    return Cell(text=trouble.name, href=f"?{urlencode({table: trouble.name})}#{table}")


def _of_host(source: Seen, host: HostSystem) -> Iterator[Trouble]:
    cluster = source.inventory.clusters.get(host.parent or "")
    conditions = {"notResponding": HOST_NOT_RESPONDING, "disconnected": HOST_DISCONNECTED}
    condition = conditions.get(host.connection_state or "")
    if condition is not None:
        yield Trouble(
            source=source,
            condition=condition,
            name=name_or_moid(host.name, host.moid),
            place=cluster.name if cluster else None,
            detail="in maintenance mode" if host.in_maintenance_mode else None,
        )


def _of_datastore(source: Seen, datastore: Datastore) -> Iterator[Trouble]:
    name = name_or_moid(datastore.name, datastore.moid)
    used = space_used(datastore)
    if datastore.accessible is False:
        detail = None if datastore.vms is None else f"{counted(len(datastore.vms), 'VM', 'VMs')} on it"
        yield Trouble(source=source, condition=DATASTORE_INACCESSIBLE, name=name, place=datastore.kind, detail=detail)
    elif used is not None and used.ratio > NEARLY_FULL_RATIO:
        detail = f"{percent_text(used.ratio)} used, {used.title}"
        yield Trouble(source=source, condition=DATASTORE_NEARLY_FULL, name=name, place=datastore.kind, detail=detail)


def _of_vm(source: Seen, vm: VirtualMachine) -> Iterator[Trouble]:
    host = source.inventory.hosts.get(vm.host or "")
    for condition, detail in _vm_conditions(vm):
        yield Trouble(
            source=source,
            condition=condition,
            name=name_or_moid(vm.name, vm.moid),
            place=host.name if host else None,
            detail=detail,
        )


def _vm_conditions(vm: VirtualMachine) -> Iterator[tuple[Condition, str]]:
    if is_lost(vm):
        yield VM_NOT_CONNECTED, str(vm.connection_state)
        return  # the rest is what was last heard of it, not what is
    if vm.disk_chain_broken:
        yield VM_DISK_CHAIN_BROKEN, "a snapshot's file is missing or damaged"
    if vm.guest_kernel_crashed:
        yield VM_CRASHED, "reported by VMware Tools"
    if vm.heartbeat == "red" and vm.power_state == "poweredOn":
        yield VM_SILENT, "VMware Tools stopped sending it: the guest may hang"
    if vm.question is not None:
        yield VM_WAITING, vm.question
    if vm.consolidation_needed:
        yield VM_NEEDS_CONSOLIDATION, "a removed snapshot left disk files behind"
