"""vNetwork: every virtual network card of every VM, with the addresses that VMware Tools report for it."""

from collections.abc import Callable
from ipaddress import ip_address

from agent.model.virtual_hardware import EthernetCard
from exporters.workbook.rows import VmPart, of_vm, part_labels, vm_parts
from exporters.workbook.sheet import Cell, Columns, Tab, listed


def _network(row: VmPart[EthernetCard]) -> Cell:
    if row.part.portgroup is not None:
        return row.of.source.portgroups.get(row.part.portgroup, (None, None))[0]
    return row.of.source.inventory.named(row.part.network)


def _switch(row: VmPart[EthernetCard]) -> Cell:
    """The distributed switch, or the standard one that has such a portgroup on the VM's host."""
    if row.part.portgroup is not None:
        return row.of.source.portgroups.get(row.part.portgroup, (None, None))[1]
    network = row.of.source.inventory.named(row.part.network)
    host = row.of.source.inventory.hosts.get(row.vm.host or "")
    found = (group.switch for group in (host.portgroups if host else None) or () if group.name == network)
    return next(found, None)


def _addresses(version: int) -> Callable[[VmPart[EthernetCard]], Cell]:
    def value(row: VmPart[EthernetCard]) -> Cell:
        if row.vm.guest_nics is None:
            return None
        told = [nic for nic in row.vm.guest_nics if nic.device_key == row.part.key]
        return listed(one for nic in told for one in nic.ip_addresses or () if _version(one) == version) or None

    return value


def _version(address: str) -> int | None:
    try:
        return ip_address(address).version
    except ValueError:
        return None


def _direct_path(row: VmPart[EthernetCard]) -> Cell:
    return next((one.direct_path for one in row.vm.nic_runtime or () if one.key == row.part.key), None)


_COLUMNS: Columns[VmPart[EthernetCard]] = (
    ("NIC label", lambda row: row.part.label),
    ("Adapter", lambda row: row.part.kind.removeprefix("Virtual") if row.part.kind is not None else None),
    ("Network", _network),
    ("Switch", _switch),
    ("Connected", lambda row: row.part.connected),
    ("Starts Connected", lambda row: row.part.start_connected),
    ("Mac Address", lambda row: row.part.mac),
    ("Type", lambda row: row.part.address_type),
    ("IPv4 Address", _addresses(4)),
    ("IPv6 Address", _addresses(6)),
    ("Direct Path IO", _direct_path),
    ("Internal Sort Column", lambda row: f"{row.vm.name} {row.part.label}"),
)

TAB = Tab(
    name="vNetwork",
    rows=vm_parts(lambda vm: vm.nics),
    columns=of_vm(_COLUMNS),
    labels=part_labels,
    labels_before="Datacenter",
)
