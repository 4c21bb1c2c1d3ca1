from agent.health.catalogue import Faults, check
from agent.health.subjects import PORTGROUP
from agent.model.health import Fault, State
from agent.model.network import DistributedVirtualPortgroup


@check(PORTGROUP, State.WARNING, needs=("active_uplinks",), sees=("standby_uplinks",))
def portgroup_uplink_single(portgroup: DistributedVirtualPortgroup) -> Faults:
    """A distributed portgroup uses one uplink only.

    Meaning: one uplink is active and none stands by, although the switch may have several. A link aggregation group
    counts as several.
    Impact: one cable, card or switch away from an outage of the VMs on it.
    Ask the vendor: is this network meant to be redundant, and why is this portgroup set up differently?
    """
    uplinks = (*(portgroup.active_uplinks or ()), *(portgroup.standby_uplinks or ()))
    if len(uplinks) == 1 and not uplinks[0].lower().startswith("lag"):
        yield Fault(State.WARNING, f"uses only {uplinks[0]}")


portgroup_uplink_single.fires(active_uplinks=("Uplink 1",), standby_uplinks=())
portgroup_uplink_single.silent(active_uplinks=("Uplink 1",), standby_uplinks=("Uplink 2",))
portgroup_uplink_single.silent(active_uplinks=("lag1",), standby_uplinks=())
