"""Where a guest is reached on the network, as VMware Tools tell it, and what kind of system it is. Pure."""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from operator import attrgetter
from typing import Literal

from agent.dataclass import dataclass
from agent.model.virtual_machine import VirtualMachine

Family = Literal["windows", "linux", "other"]

_LINUX = (
    *("linux", "ubuntu", "debian", "rhel", "red hat", "redhat", "centos", "sles", "suse", "rocky", "alma", "photon"),
    *("oracle", "fedora", "amazon", "coreos", "mint", "mandriva", "turbolinux", "asianux"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestAddress:
    """`None`: Tools did not say; they fall silent with the guest."""

    ip: str | None = None
    host_name: str | None = None

    @property
    def known(self) -> bool:
        """Whether there is anything to reach it by."""
        return self.ip is not None or self.host_name is not None

    def else_of(self, earlier: "GuestAddress | None") -> "GuestAddress":
        """This, and where it does not say, what was told earlier."""
        if earlier is None:
            return self
        return GuestAddress(ip=self.ip or earlier.ip, host_name=self.host_name or earlier.host_name)


TOLD_BY = attrgetter("ip_address", "guest_nics", "host_name")
"""All that `told_address` looks at of a VM: while it is equal, so is the address."""


def told_address(vm: VirtualMachine) -> GuestAddress:
    """What Tools say now: the primary address, else the first one that others can reach; IPv4 before IPv6."""
    found = list(_reachable(vm))
    first = next((one for one in found if one.version == 4), next(iter(found), None))
    return GuestAddress(ip=str(first) if first is not None else None, host_name=vm.host_name or None)


def remembered(before: Mapping[str, GuestAddress], told: Mapping[str, GuestAddress]) -> Mapping[str, GuestAddress]:
    """The last known address of every VM, by `vm_id`. An address that another VM has now is that one's alone."""
    taken = {address.ip for address in told.values()} - {None}
    merged: dict[str, GuestAddress] = {}
    for vm_id, address in told.items():
        earlier = before.get(vm_id)
        if earlier is not None and address.ip is None and earlier.ip in taken:
            earlier = GuestAddress(host_name=earlier.host_name)
        merged[vm_id] = address.else_of(earlier)
    return {vm_id: address for vm_id, address in merged.items() if address.known}


def guest_family(vm: VirtualMachine) -> Family | None:
    """What Tools say, else what the configuration says; None where neither is told."""
    for text in (vm.guest_os, vm.configured_os_id, vm.configured_os):
        if text:
            words = text.casefold()
            if "windows" in words or words.startswith("win"):
                return "windows"
            return "linux" if any(one in words for one in _LINUX) else "other"
    return None


def _reachable(vm: VirtualMachine) -> Iterator[IPv4Address | IPv6Address]:
    for text in (vm.ip_address, *(one for nic in vm.guest_nics or () for one in nic.ip_addresses or ())):
        try:
            address = ip_address(text or "")
        except ValueError:
            continue
        if not (address.is_link_local or address.is_loopback or address.is_unspecified or address.is_multicast):
            yield address
