"""The physical cards that carry a host's switches."""

from collections.abc import Iterator
from typing import NamedTuple

from agent.model.host import HostSystem
from agent.model.host_network import PhysicalNic, ProxySwitch, VirtualSwitch


class Uplinks(NamedTuple):
    """A switch of a host, standard or distributed, with its physical cards."""

    switch: str
    cards: tuple[PhysicalNic, ...]

    @property
    def up(self) -> tuple[PhysicalNic, ...]:
        """Those that have a link."""
        return tuple(card for card in self.cards if card.speed_mbit is not None)


def uplinks(host: HostSystem) -> Iterator[Uplinks]:
    """Every switch of a host that has physical cards."""
    cards = {card.key: card for card in host.physical_nics or ()}
    switches: tuple[VirtualSwitch | ProxySwitch, ...] = (*(host.virtual_switches or ()), *(host.proxy_switches or ()))
    for switch in switches:
        own = tuple(cards[key] for key in switch.physical_nics or () if key in cards)
        if own:
            yield Uplinks(switch.name or "", own)
