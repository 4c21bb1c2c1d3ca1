from agent.health.catalogue import Faults, check
from agent.health.subjects import SWITCH
from agent.model.health import Fault, State
from agent.model.network import DistributedVirtualSwitch


@check(SWITCH, State.WARNING, needs=("ports", "max_ports"))
def switch_ports_short(switch: DistributedVirtualSwitch, *, most_percent: float = 90) -> Faults:
    """A distributed switch has nearly all the ports that it may have.

    Meaning: its portgroups have taken so much of the limit that is set for the switch.
    Impact: a new portgroup, or a portgroup that grows, gets no ports: VMs start without network.
    Ask the vendor: why is the limit there, and when is it raised?
    """
    ports, most = switch.ports or 0, switch.max_ports or 0
    if most and 100 * ports / most > most_percent:
        yield Fault(State.WARNING, f"{ports} of at most {most} ports are taken")


switch_ports_short.fires(ports=7900, max_ports=8000)
switch_ports_short.silent(ports=1024, max_ports=8000)
