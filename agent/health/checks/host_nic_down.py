from agent.health.catalogue import Faults, check
from agent.health.subjects import CONNECTED, HOST
from agent.health.uplinks import uplinks
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.host_network import PhysicalNic, VirtualSwitch


@check(
    HOST,
    State.WARNING,
    State.CRITICAL,
    needs=("physical_nics", "virtual_switches"),
    sees=("proxy_switches",),
    when=CONNECTED,
    lasting_minutes=5,
)
def host_nic_down(host: HostSystem) -> Faults:
    """A network card that a switch of a host uses has no link.

    Meaning: cable, transceiver or the port of the physical switch. Critical where no other card of that switch has a
    link. Cards that no switch uses are passed over.
    Impact: the redundancy is gone; with the last link the VMs on that switch are cut off.
    Ask the vendor: since when, which port is it, and who is notified of a lost link?
    """
    for switch in uplinks(host):
        for card in switch.cards:
            if card.speed_mbit is None:
                state = State.WARNING if switch.up else State.CRITICAL
                left = f"{len(switch.up)} of {len(switch.cards)} cards of {switch.switch} have a link"
                yield Fault(state, f"{card.device} has no link; {left}", part=f"{switch.switch} {card.device}")


_SWITCH = (VirtualSwitch(name="vSwitch0", physical_nics=("key-vmnic0", "key-vmnic1")),)
_UP = PhysicalNic(key="key-vmnic0", device="vmnic0", speed_mbit=25_000)
host_nic_down.fires(physical_nics=(_UP, PhysicalNic(key="key-vmnic1", device="vmnic1")), virtual_switches=_SWITCH)
host_nic_down.silent(
    physical_nics=(_UP, PhysicalNic(key="key-vmnic1", device="vmnic1", speed_mbit=25_000)), virtual_switches=_SWITCH
)
