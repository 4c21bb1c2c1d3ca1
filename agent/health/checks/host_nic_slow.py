from agent.health.catalogue import Faults, check
from agent.health.subjects import CONNECTED, HOST
from agent.health.uplinks import uplinks
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.host_network import PhysicalNic, VirtualSwitch


@check(
    HOST,
    State.WARNING,
    needs=("physical_nics", "virtual_switches"),
    sees=("proxy_switches",),
    when=CONNECTED,
    lasting_minutes=60,
)
def host_nic_slow(host: HostSystem) -> Faults:
    """A network card is slower than the other one of its switch, or half duplex.

    Meaning: two cards that back each other up have different speeds: mostly one has negotiated down with a bad cable or
    a port that was set by hand.
    Impact: when the fast one fails, or already now for the VMs that are on the slow one, the network is a bottleneck.
    Ask the vendor: is the port of the physical switch set to a fixed speed, and since when is the link this slow?
    """
    for switch in uplinks(host):
        best = max((card.speed_mbit or 0 for card in switch.up), default=0)
        for card in switch.up:
            if (card.speed_mbit or 0) < best or card.duplex is False:
                duplex = "" if card.duplex is not False else ", half duplex"
                yield Fault(
                    State.WARNING,
                    f"{card.device} of {switch.switch} runs at {card.speed_mbit} Mbit/s{duplex}, another at {best}",
                    part=f"{switch.switch} {card.device}",
                )


_SWITCH = (VirtualSwitch(name="vSwitch0", physical_nics=("key-vmnic0", "key-vmnic1")),)
_FAST = PhysicalNic(key="key-vmnic0", device="vmnic0", speed_mbit=25_000, duplex=True)
host_nic_slow.fires(
    physical_nics=(_FAST, PhysicalNic(key="key-vmnic1", device="vmnic1", speed_mbit=1000, duplex=True)),
    virtual_switches=_SWITCH,
)
host_nic_slow.silent(
    physical_nics=(_FAST, PhysicalNic(key="key-vmnic1", device="vmnic1", speed_mbit=25_000, duplex=True)),
    virtual_switches=_SWITCH,
)
