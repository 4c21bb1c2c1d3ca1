from collections import defaultdict

from agent.health.catalogue import Faults, check
from agent.health.look import Look
from agent.health.members import difference, members
from agent.health.subjects import CLUSTER
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State
from agent.model.host import HostSystem


@check(
    CLUSTER,
    State.INFO,
    needs=("hosts",),
    also=("HostSystem.hardware.systemInfo.model", "HostSystem.hardware.biosInfo.biosVersion"),
    lasting_minutes=7 * 24 * 60,
)
def cluster_firmware_differs(cluster: ClusterComputeResource, look: Look) -> Faults:
    """Servers of one model in a cluster have different firmware.

    Meaning: the version of the BIOS, compared within each model. An update has reached some of them; the alert waits a
    week.
    Impact: faults that show on one host only, and nobody can say which state was tested.
    Ask the vendor: when will the others follow, and is firmware part of the patching that the contract promises?
    """
    versions: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for host in members(cluster, look, "model", "bios_version"):
        versions[host.model or ""][host.name or host.moid] = host.bios_version or ""
    for model, by_host in versions.items():
        if words := difference(by_host):
            yield Fault(State.INFO, f"{model}: {words}", part=model)


def _host(number: int, version: str, model: str = "PowerEdge R660") -> HostSystem:
    return HostSystem(
        moid=f"host-{number}", name=f"esx0{number}", connection_state="connected", model=model, bios_version=version
    )


_TWO = ("host-1", "host-2")
cluster_firmware_differs.fires(_host(1, "2.4.4"), _host(2, "1.9.0"), hosts=_TWO)
cluster_firmware_differs.silent(_host(1, "2.4.4"), _host(2, "2.21.0", "PowerEdge R640"), hosts=_TWO)
