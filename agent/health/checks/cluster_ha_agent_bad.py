from typing import Any

from agent.health.catalogue import Faults, check
from agent.health.evidence import values_of
from agent.health.look import Look
from agent.health.members import working
from agent.health.subjects import CLUSTER, HA_CLUSTER, HOST
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State
from agent.model.host import HostSystem

_GOOD = frozenset({"master", "connectedToMaster", "election"})


@check(
    CLUSTER,
    State.CRITICAL,
    needs=("hosts",),
    also=("HostSystem.runtime.dasHostState.state",),
    when=HA_CLUSTER,
    lasting_minutes=10,
    about=HOST,
)
def cluster_ha_agent_bad(cluster: ClusterComputeResource, look: Look) -> Faults:
    """The HA agent of a host does not take part.

    Meaning: HA is on in the cluster, but the agent on this host is isolated, unreachable or was never set up.
    Impact: when this host fails nobody restarts its VMs, and it takes none of those of others.
    Ask the vendor: since when is it so, why did no alarm tell you, and when will the agent be set up again?
    """
    for host in working(cluster, look, "ha_state"):
        if host.ha_state not in _GOOD:
            seen = values_of(host, look, "ha_state")
            yield Fault(State.CRITICAL, f"its HA agent is {host.ha_state}", on=host.moid, evidence=seen)


_HOST: Any = {"moid": "host-1", "name": "esx01", "connection_state": "connected", "in_maintenance_mode": False}
cluster_ha_agent_bad.fires(HostSystem(**_HOST, ha_state="networkIsolated"), hosts=("host-1",))
cluster_ha_agent_bad.silent(HostSystem(**_HOST, ha_state="connectedToMaster"), hosts=("host-1",))
