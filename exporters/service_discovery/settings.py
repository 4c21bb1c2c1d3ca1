"""What is configured of service discovery."""

from dataclasses import field
from typing import Literal

from agent.dataclass import dataclass
from agent.model.vm_selection import VmSelection

AddressKind = Literal["ip", "dns", "name"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PortRule:
    """Ports and URLs that the selected VMs are expected to answer on."""

    name: str
    selection: VmSelection
    tcp: tuple[int, ...] = ()
    http: tuple[str, ...] = ()
    """URLs with `{host}` in place of the VM's address"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoverySettings:
    """How VMs are addressed and asked."""

    address: AddressKind = "ip"
    """what Tools tell: the IP address or the name in DNS; or the VM's own name, with `domain` after it"""
    domain: str = ""
    node_exporter_port: int = 9100
    windows_exporter_port: int = 9182
    rules: tuple[PortRule, ...] = field(default=())
