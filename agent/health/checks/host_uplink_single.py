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
def host_uplink_single(host: HostSystem) -> Faults:
    """A switch of a host was built with one network card only.

    Meaning: a standard or distributed switch has a single physical card, so that there is nothing to fail over to.
    Where a second card has only lost its link it is host_nic_down.
    Impact: one cable, port or switch away from an outage of the VMs on it.
    Ask the vendor: is the network of this host meant to be redundant, and why is this switch not?
    """
    for switch in uplinks(host):
        if len(switch.cards) < 2:
            yield Fault(State.WARNING, f"{switch.switch} has only {switch.cards[0].device}", part=switch.switch)


_CARDS = tuple(PhysicalNic(key=f"key-vmnic{n}", device=f"vmnic{n}", speed_mbit=25_000) for n in (0, 1))
host_uplink_single.fires(
    physical_nics=_CARDS, virtual_switches=(VirtualSwitch(name="vSwitch1", physical_nics=("key-vmnic1",)),)
)
host_uplink_single.silent(
    physical_nics=_CARDS, virtual_switches=(VirtualSwitch(name="vSwitch0", physical_nics=("key-vmnic0", "key-vmnic1")),)
)
