"""VMs with their address and their labels: what every list of targets is made from. Pure."""

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address

from agent.dataclass import dataclass
from agent.model.guest_address import GuestAddress, guest_family, remembered, told_address
from agent.model.identity import vm_ids
from agent.model.inventory import Inventory
from agent.model.labelling import Labelling
from agent.model.placement import Placement, place_vms
from agent.model.virtual_machine import VirtualMachine
from agent.model.world import Target, World
from exporters.service_discovery.asked import Asked
from exporters.service_discovery.settings import DiscoverySettings

PREFIX = "__meta_vsphere_"
"""Prometheus drops labels that begin with `__meta_` after relabelling."""
_HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?", re.ASCII)


class NotRead(Exception):
    """A vCenter was not read since the agent started: a list without its VMs would make Prometheus drop them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundVm:
    """One VM that can be addressed."""

    vm: VirtualMachine
    placement: Placement
    inventory: Inventory
    labelling: Labelling
    host: str
    """name or address"""
    labels: Mapping[str, str]

    def at_port(self, port: int) -> str:
        """`10.1.2.3:9100`, `[2001:db8::1]:9100`."""
        return f"{self.bracketed}:{port}"

    @property
    def bracketed(self) -> str:
        """As it stands in a URL."""
        return f"[{self.host}]" if ":" in self.host else self.host


def found_vms(world: World, asked: Asked, settings: DiscoverySettings) -> Iterator[FoundVm]:
    """The VMs that are asked for, by vCenter and name. Templates, and those that nothing addresses, are left out.

    The last known state counts while a vCenter is silent: that it is must not end the probing of its VMs.

    Raises:
        NotRead: one of the vCenters was not read yet.
    """
    for target in world.targets.values():
        if asked.vcenters and target.name not in asked.vcenters:
            continue
        if target.inventory is None:
            raise NotRead(f"{target.name} was not read since the agent started")
        yield from _of_target(target, target.inventory, asked, settings)


def _of_target(target: Target, inventory: Inventory, asked: Asked, settings: DiscoverySettings) -> Iterator[FoundVm]:
    placements, ids = place_vms(inventory), vm_ids(inventory.vms)
    addresses = remembered(target.addresses, {ids[moid]: told_address(vm) for moid, vm in inventory.vms.items()})
    for vm in sorted(inventory.vms.values(), key=lambda vm: (vm.name or "", vm.moid)):
        placement, address = placements[vm.moid], addresses.get(ids[vm.moid], GuestAddress())
        host = _host(vm, address, asked, settings)
        if vm.template or host is None:
            continue
        if asked.selection.matches(vm, placement, inventory, target.labelling):
            labels = _labels(target, vm, ids[vm.moid], placement, address)
            yield FoundVm(
                vm=vm,
                placement=placement,
                inventory=inventory,
                labelling=target.labelling,
                host=host,
                labels=labels,
            )


def _host(vm: VirtualMachine, address: GuestAddress, asked: Asked, settings: DiscoverySettings) -> str | None:
    match asked.address:
        case "ip":
            return address.ip
        case "dns":
            found = address.host_name
        case "name":
            found = f"{vm.name}.{settings.domain}" if vm.name and settings.domain else vm.name
    # people's free text must not become the address of something else
    return found if found is not None and _HOST_NAME.fullmatch(found) and not _is_ip(found) else None


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _labels(
    target: Target, vm: VirtualMachine, vm_id: str, placement: Placement, address: GuestAddress
) -> dict[str, str]:
    """`vcenter`, `vm_id` and `vm_name` stay on the series, to join it with ours; the rest is for relabelling."""
    meta: dict[str, str | None] = {
        "moid": vm.moid,
        "power_state": vm.power_state,
        "folder": placement.folder,
        "host_name": placement.host_name,
        "cluster_name": placement.cluster_name,
        "datacenter_name": placement.datacenter_name,
        "resource_pool": placement.resource_pool,
        "guest_os": vm.guest_os or vm.configured_os,
        "guest_family": guest_family(vm),
        "ip": address.ip,
        "dns_name": address.host_name,
    }
    tags: dict[str, list[str]] = {}
    for pair in target.labelling.tags_of(vm.moid):
        tags.setdefault(f"tag_{_word(pair.category)}", []).append(pair.tag)
    fields = target.inventory.custom_fields if target.inventory is not None else None
    attributes = target.labelling.attributes_of(vm.custom_values, fields)
    meta |= {f"attribute_{_word(name)}": value for name, value in attributes.items()}
    meta |= {name: f",{','.join(sorted(found))}," for name, found in tags.items()}
    own = {"vcenter": target.name, "vm_id": vm_id, "vm_name": vm.name}
    labels = own | {f"{PREFIX}{name}": value for name, value in meta.items()}
    return {name: value for name, value in labels.items() if value is not None}


def _word(name: str) -> str:
    """What may stand in a label's name."""
    return re.sub(r"[^a-zA-Z0-9_]", "_", name)
