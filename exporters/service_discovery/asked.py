"""What a URL asks for: which VMs, addressed how. Everything comes in the query string."""

from dataclasses import field
from typing import Self, get_args
from urllib.parse import parse_qsl

from agent.dataclass import dataclass
from agent.model.guest_address import Family
from agent.model.vm_selection import VmSelection
from exporters.service_discovery.settings import AddressKind, DiscoverySettings

ANY_STATE = "any"
POWER_STATES = ("poweredOn", "poweredOff", "suspended")
PARAMETERS = ("address", "attribute", "folder", "guest", "name", "port", "power_state", "tag", "url", "vcenter")
_LAST_PORT = 65535


class Misunderstood(ValueError):
    """The query string cannot be understood; the text says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request."""

    selection: VmSelection = field(default_factory=VmSelection)
    address: AddressKind = "ip"
    ports: tuple[int, ...] = ()
    urls: tuple[str, ...] = ()
    vcenters: tuple[str, ...] = ()

    @classmethod
    def parse(cls, query: str, settings: DiscoverySettings) -> Self:
        """Read a query string such as `folder=ERP&tag=Tier:gold&power_state=any`.

        Raises:
            Misunderstood: a parameter is not known, or its value cannot be.
        """
        given: dict[str, list[str]] = {}
        for name, value in parse_qsl(query, keep_blank_values=True):
            if name not in PARAMETERS:
                raise Misunderstood(f"no parameter {name!r}; there are {', '.join(PARAMETERS)}")
            given.setdefault(name, []).append(value)
        address = given.get("address", [settings.address])[-1]
        states = tuple(given.get("power_state", ["poweredOn"]))
        guests = tuple(given.get("guest", []))
        _one_of("address", (address,), get_args(AddressKind))
        _one_of("power_state", states, (*POWER_STATES, ANY_STATE))
        _one_of("guest", guests, get_args(Family))
        return cls(
            selection=VmSelection(
                names=tuple(given.get("name", [])),
                folders=tuple(folder.strip("/") for folder in given.get("folder", [])),
                tags=tuple(":".join(_pair("tag", one)) for one in given.get("tag", [])),
                attributes=dict(_pair("attribute", one) for one in given.get("attribute", [])),
                power_states=() if ANY_STATE in states else states,
                guests=guests,
            ),
            address="dns" if address == "dns" else "name" if address == "name" else "ip",
            ports=tuple(map(_port, given.get("port", []))),
            urls=tuple(map(_url, given.get("url", []))),
            vcenters=tuple(given.get("vcenter", [])),
        )


def _one_of(name: str, given: tuple[str, ...], known: tuple[str, ...]) -> None:
    for value in given:
        if value not in known:
            raise Misunderstood(f"{name}={value}: must be one of {', '.join(known)}")


def _pair(name: str, text: str) -> tuple[str, str]:
    left, colon, right = text.partition(":")
    if not (left and colon and right):
        example = "Tier:gold" if name == "tag" else "Owner:Finance*"
        raise Misunderstood(f"{name}={text}: must be NAME:VALUE, such as {example}")
    return left, right


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= _LAST_PORT):
        raise Misunderstood(f"port={text}: must be from 1 to {_LAST_PORT}")
    return int(text)


def _url(text: str) -> str:
    if not text.startswith(("http://", "https://")) or "{host}" not in text:
        raise Misunderstood(f"url={text}: must be http:// or https:// with {{host}} in it")
    return text
