from collections import defaultdict

from agent.health.catalogue import Faults, check
from agent.health.look import Look
from agent.health.members import difference, members
from agent.health.subjects import CLUSTER
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.host_storage import MultipathLun


@check(CLUSTER, State.INFO, needs=("hosts",), also=("HostSystem.config.storageDevice.multipathInfo.lun",))
def cluster_path_policies_differ(cluster: ClusterComputeResource, look: Look) -> Faults:
    """Hosts of a cluster use the paths to one LUN by different policies.

    Meaning: one host spreads its requests over all paths and another one uses a fixed path.
    Impact: uneven load on the array, and VMs that are slower on one host than on another.
    Ask the vendor: which policy does the maker of the array ask for, and how is a host set up?
    """
    policies: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for host in members(cluster, look, "multipath"):
        for lun in host.multipath or ():
            if lun.id and lun.policy:
                policies[lun.id][host.name or host.moid] = lun.policy
    for lun_id, by_host in policies.items():
        if words := difference(by_host):
            yield Fault(State.INFO, f"LUN {lun_id}: {words}", part=lun_id)


def _host(number: int, policy: str) -> HostSystem:
    luns = (MultipathLun(id="0200", policy=policy),)
    return HostSystem(moid=f"host-{number}", name=f"esx0{number}", connection_state="connected", multipath=luns)


_TWO = ("host-1", "host-2")
cluster_path_policies_differ.fires(_host(1, "VMW_PSP_RR"), _host(2, "VMW_PSP_FIXED"), hosts=_TWO)
cluster_path_policies_differ.silent(_host(1, "VMW_PSP_RR"), _host(2, "VMW_PSP_RR"), hosts=_TWO)
