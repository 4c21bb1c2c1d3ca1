from agent.health.catalogue import Faults, check
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.host_network import VirtualSwitch


@check(HOST, State.WARNING, needs=("virtual_switches",), when=CONNECTED)
def host_ports_short(host: HostSystem, *, fewest_count: float = 5) -> Faults:
    """A standard switch of a host has hardly any free ports.

    Meaning: hosts add ports by themselves up to a limit; this is what is left of it.
    Impact: the next VM that is started or moved here has no network.
    Ask the vendor: was a limit set by hand, and why?
    """
    for switch in host.virtual_switches or ():
        if switch.free_ports is not None and switch.free_ports < fewest_count:
            yield Fault(
                State.WARNING,
                f"{switch.name} has {switch.free_ports} of {switch.ports} ports left",
                part=switch.name or "",
            )


host_ports_short.fires(virtual_switches=(VirtualSwitch(name="vSwitch0", ports=128, free_ports=2),))
host_ports_short.silent(virtual_switches=(VirtualSwitch(name="vSwitch0", ports=2560, free_ports=2528),))
