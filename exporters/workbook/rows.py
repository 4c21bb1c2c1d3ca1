"""Rows of VMs, of their parts, of hosts and of their parts, with the columns that begin and end their tabs."""

from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

from agent.dataclass import dataclass
from agent.model.host import HostSystem
from agent.model.placement import Placement
from agent.model.virtual_machine import VirtualMachine
from exporters.workbook.sheet import Columns, of_part
from exporters.workbook.source import HostPlace, Source

Part = TypeVar("Part")

_SITE_RECOVERY = "com.vmware.vcDr"
"""The extension that a placeholder VM of Site Recovery Manager is managed by."""


@dataclass(frozen=True, slots=True)
class VmRow:
    """A VM in its vCenter."""

    source: Source
    vm: VirtualMachine

    @property
    def place(self) -> Placement:
        """Where it is."""
        return self.source.placements[self.vm.moid]

    @property
    def folder(self) -> str | None:
        """The path of its folder; unknown where that may not be seen."""
        return self.place.folder if self.vm.parent in self.source.inventory.folders else None

    @property
    def placeholder(self) -> bool | None:
        """Whether it only stands for a VM that is protected elsewhere; unknown without its configuration."""
        if self.vm.managed_by is None:
            return None if self.vm.instance_uuid is None else False
        return self.vm.managed_by.startswith(_SITE_RECOVERY)


@dataclass(frozen=True, slots=True)
class VmPart(Generic[Part]):
    """A part of a VM: a disk, a snapshot, a file system."""

    of: VmRow
    part: Part

    @property
    def vm(self) -> VirtualMachine:
        """The VM it is a part of."""
        return self.of.vm


@dataclass(frozen=True, slots=True)
class HostRow:
    """A host in its vCenter."""

    source: Source
    host: HostSystem

    @property
    def place(self) -> HostPlace:
        """Where it is."""
        return self.source.host_places[self.host.moid]


@dataclass(frozen=True, slots=True)
class HostPart(Generic[Part]):
    """A part of a host: an adapter, a switch, a path."""

    of: HostRow
    part: Part

    @property
    def host(self) -> HostSystem:
        """The host it is a part of."""
        return self.of.host


def vm_rows(source: Source) -> Iterable[VmRow]:
    """Every VM, templates too, by name."""
    return (VmRow(source, vm) for vm in source.vms())


def vm_parts(parts: Callable[[VirtualMachine], Iterable[Part] | None]) -> Callable[[Source], Iterable[VmPart[Part]]]:
    """For a tab of parts: those of every VM; none of a VM whose parts are not known."""

    def rows(source: Source) -> Iterable[VmPart[Part]]:
        return (VmPart(row, part) for row in vm_rows(source) for part in parts(row.vm) or ())

    return rows


def host_rows(source: Source) -> Iterable[HostRow]:
    """Every host by name."""
    return (HostRow(source, host) for host in source.hosts())


def host_parts(parts: Callable[[HostSystem], Iterable[Part] | None]) -> Callable[[Source], Iterable[HostPart[Part]]]:
    """For a tab of parts: those of every host; none of a host whose parts are not known."""

    def rows(source: Source) -> Iterable[HostPart[Part]]:
        return (HostPart(row, part) for row in host_rows(source) for part in parts(row.host) or ())

    return rows


def vm_labels(row: VmRow) -> Mapping[str, str]:
    """Custom attributes and tags of the VM."""
    return row.source.labels(row.vm.moid, row.vm.custom_values)


def part_labels(row: VmPart[Part]) -> Mapping[str, str]:
    """Custom attributes and tags of the VM that this is a part of."""
    return vm_labels(row.of)


def host_labels(row: HostRow) -> Mapping[str, str]:
    """Custom attributes and tags of the host."""
    return row.source.labels(row.host.moid, row.host.custom_values)


def owner(row: VmPart[Part]) -> VmRow:
    """The VM that this is a part of."""
    return row.of


def carrier(row: HostPart[Part]) -> HostRow:
    """The host that this is a part of."""
    return row.of


VM_HEAD: Columns[VmRow] = (
    ("VM", lambda row: row.vm.name),
    ("Powerstate", lambda row: row.vm.power_state),
    ("Template", lambda row: row.vm.template),
    ("SRM Placeholder", lambda row: row.placeholder),
)
VM_SDK: Columns[VmRow] = (
    ("VI SDK Server", lambda row: row.source.server),
    ("VI SDK UUID", lambda row: row.source.uuid),
)
VM_PLACE: Columns[VmRow] = (
    ("Datacenter", lambda row: row.place.datacenter_name),
    ("Cluster", lambda row: row.place.cluster_name),
    ("Host", lambda row: row.place.host_name),
)
VM_OS: Columns[VmRow] = (
    ("OS according to the configuration file", lambda row: row.vm.configured_os),
    ("OS according to the VMware Tools", lambda row: row.vm.guest_os),
)
_VM_NOTE: Columns[VmRow] = (("Annotation", lambda row: row.vm.annotation),)
_VM_FOLDER: Columns[VmRow] = (("Folder", lambda row: row.folder),)
_VM_IDS: Columns[VmRow] = (
    ("VM ID", lambda row: row.vm.moid),
    ("VM UUID", lambda row: row.vm.instance_uuid),
)
VM_REFERENCE: Columns[VmRow] = (("VMRef", lambda row: f"VirtualMachine-{row.vm.moid}"),)
VM_TAIL: Columns[VmRow] = (*_VM_NOTE, *VM_PLACE, *_VM_FOLDER, *VM_OS, *_VM_IDS, *VM_SDK)
VM_TAIL_WITH_REFERENCE: Columns[VmRow] = (
    *_VM_NOTE, *VM_PLACE, *_VM_FOLDER, *VM_OS, *VM_REFERENCE, *_VM_IDS, *VM_SDK,
)  # fmt: skip

HOST_HEAD: Columns[HostRow] = (
    ("Host", lambda row: row.host.name),
    ("Datacenter", lambda row: row.place.datacenter),
    ("Cluster", lambda row: row.place.cluster),
)
HOST_TAIL: Columns[HostRow] = (
    ("VI SDK Server", lambda row: row.source.server),
    ("VI SDK UUID", lambda row: row.source.uuid),
)


def of_vm(columns: Columns[VmPart[Part]], tail: Columns[VmRow] = VM_TAIL) -> Columns[VmPart[Part]]:
    """The columns of a part between those of its VM."""
    return (*of_part(VM_HEAD, owner), *columns, *of_part(tail, owner))


def of_host(columns: Columns[HostPart[Part]]) -> Columns[HostPart[Part]]:
    """The columns of a part between those of its host."""
    return (*of_part(HOST_HEAD, carrier), *columns, *of_part(HOST_TAIL, carrier))
