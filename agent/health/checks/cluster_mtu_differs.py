from collections import defaultdict

from agent.health.catalogue import Faults, check
from agent.health.look import Look
from agent.health.members import difference, members
from agent.health.subjects import CLUSTER
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.host_network import VmkernelNic


@check(CLUSTER, State.WARNING, needs=("hosts",), also=("HostSystem.config.network.vnic",), lasting_minutes=60)
def cluster_mtu_differs(cluster: ClusterComputeResource, look: Look) -> Faults:
    """VMkernel adapters that talk to each other have different MTUs.

    Meaning: on the same portgroup, one host sends larger packets than another one takes.
    Impact: vMotion or storage traffic between those two hosts hangs under load, and only then.
    Ask the vendor: which MTU is meant for this network?
    """
    sizes: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for host in members(cluster, look, "vmkernel_nics"):
        for nic in host.vmkernel_nics or ():
            if nic.portgroup and nic.mtu is not None:
                sizes[nic.portgroup][host.name or host.moid] = str(nic.mtu)
    for name, by_host in sizes.items():
        if words := difference(by_host):
            yield Fault(State.WARNING, f"MTU on {name!r}: {words}", part=name)


def _host(number: int, mtu: int) -> HostSystem:
    nics = (VmkernelNic(device="vmk1", portgroup="vMotion", mtu=mtu),)
    return HostSystem(moid=f"host-{number}", name=f"esx0{number}", connection_state="connected", vmkernel_nics=nics)


_TWO = ("host-1", "host-2")
cluster_mtu_differs.fires(_host(1, 9000), _host(2, 1500), hosts=_TWO)
cluster_mtu_differs.silent(_host(1, 9000), _host(2, 9000), hosts=_TWO)
