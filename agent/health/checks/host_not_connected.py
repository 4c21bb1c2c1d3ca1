from agent.health.catalogue import Faults, check
from agent.health.subjects import HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem

_WORDS = {
    "notResponding": "vCenter gets no answer from it: it is down, or the network to it is",
    "disconnected": "somebody has disconnected it from vCenter",
}


@check(HOST, State.CRITICAL, needs=("connection_state",), sees=("standby_mode",), lasting_minutes=5)
def host_not_connected(host: HostSystem) -> Faults:
    """A host has no connection to vCenter.

    Meaning: the host is down, cut off, or was disconnected by somebody. Hosts that power management has put to standby
    are left out. A host that our account may not read is unknown here, never down.
    Impact: its VMs may be down; nobody can manage, move or back them up, and all figures of them are as of before.
    Ask the vendor: what happened at that time, which of our VMs were on it, and was the work announced?
    """
    if host.connection_state != "connected" and host.standby_mode != "in":
        words = _WORDS.get(host.connection_state or "", "vCenter is not connected to it")
        yield Fault(State.CRITICAL, f"{host.connection_state}: {words}")


host_not_connected.fires(connection_state="notResponding")
host_not_connected.silent(connection_state="connected")
host_not_connected.silent(connection_state="notResponding", standby_mode="in")
