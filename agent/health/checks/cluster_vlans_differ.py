from collections import defaultdict

from agent.health.catalogue import Faults, check
from agent.health.look import Look
from agent.health.members import difference, members
from agent.health.subjects import CLUSTER
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.host_network import PortGroup


@check(
    CLUSTER,
    State.CRITICAL,
    needs=("hosts",),
    also=("HostSystem.config.network.portgroup", "HostSystem.config.network.vnic"),
    lasting_minutes=15,
)
def cluster_vlans_differ(cluster: ClusterComputeResource, look: Look) -> Faults:
    """A standard portgroup of one name is another VLAN on another host.

    Meaning: vCenter takes portgroups of the same name for the same network and moves VMs between them. Those of the
    hosts' own adapters are passed over.
    Impact: a VM that DRS or HA brings to that host is in the wrong network: cut off, or where it must not be.
    Ask the vendor: which VLAN is right, and who checks it when a host is added?
    """
    vlans: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for host in members(cluster, look, "portgroups", "vmkernel_nics"):
        own = {nic.portgroup for nic in host.vmkernel_nics or ()}
        for group in host.portgroups or ():
            if group.name in own:
                continue  # the host's own traffic, which may be routed
            vlans[group.name or ""][host.name or host.moid] = f"VLAN {group.vlan}"
    for name, by_host in vlans.items():
        if words := difference(by_host):
            yield Fault(State.CRITICAL, f"portgroup {name!r} is {words}", part=name)


def _host(number: int, vlan: int) -> HostSystem:
    groups = (PortGroup(name="Backup-170", vlan=vlan),)
    return HostSystem(
        moid=f"host-{number}",
        name=f"esx0{number}",
        connection_state="connected",
        portgroups=groups,
        vmkernel_nics=(),
    )


_TWO = ("host-1", "host-2")
cluster_vlans_differ.fires(_host(1, 170), _host(2, 17), hosts=_TWO)
cluster_vlans_differ.silent(_host(1, 170), _host(2, 170), hosts=_TWO)
