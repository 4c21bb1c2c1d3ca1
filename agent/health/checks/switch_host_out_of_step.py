from agent.health.catalogue import Faults, check
from agent.health.look import Look
from agent.health.subjects import SWITCH
from agent.model.health import Fault, State
from agent.model.network import DistributedVirtualSwitch, HostMemberRuntime


@check(SWITCH, State.WARNING, needs=("members",), lasting_minutes=30)
def switch_host_out_of_step(switch: DistributedVirtualSwitch, look: Look) -> Faults:
    """A host is not in step with its distributed switch.

    Meaning: what vCenter has set for the switch is not what is in force on that host.
    Impact: VLANs, uplinks or security there are as of before; VMs that move to it may lose their network.
    Ask the vendor: since when, and why is it not brought in step?
    """
    for member in switch.members or ():
        if member.status not in (None, "up"):
            host = look.inventory.named(member.host) or member.host or ""
            yield Fault(State.WARNING, f"{host} is {member.status}", part=host)


switch_host_out_of_step.fires(members=(HostMemberRuntime(host="host-1", status="outOfSync"),))
switch_host_out_of_step.silent(members=(HostMemberRuntime(host="host-1", status="up"),))
