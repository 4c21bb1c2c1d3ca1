from statistics import median

from agent.health.catalogue import Faults, check
from agent.health.evidence import values_of
from agent.health.look import Look
from agent.health.members import working
from agent.health.subjects import CLUSTER, HOST
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State
from agent.model.host import HostSystem


@check(
    CLUSTER,
    State.WARNING,
    needs=("hosts",),
    also=("HostSystem.summary.quickStats.overallCpuUsage", "HostSystem.summary.hardware.numCpuCores"),
    lasting_minutes=60,
    about=HOST,
)
def cluster_unbalanced(
    cluster: ClusterComputeResource, look: Look, *, most_ratio: float = 1.5, from_percent: float = 50
) -> Faults:
    """A host is far busier than the others of its cluster.

    Meaning: its processors are used so many times as much as those of the median host, and more than the given share.
    Mostly a noisy neighbour that DRS does not move, by a rule, an override, or because DRS is off.
    Impact: our VMs on that host wait for processor time while other hosts idle.
    Ask the vendor: which VM makes this load, why is it not moved, and does it belong to us?
    """
    used = {
        host.moid: 100 * (host.cpu_usage_mhz or 0) / ((host.cpu_mhz or 0) * (host.cpu_cores or 0) or 1)
        for host in working(cluster, look, "cpu_usage_mhz", "cpu_mhz", "cpu_cores")
    }
    if len(used) < 2:
        return
    for moid, percent in used.items():
        usual = median(share for other, share in used.items() if other != moid)
        if percent > from_percent and percent > most_ratio * usual:
            seen = values_of(look.seen("hosts", moid), look, "cpu_usage_mhz")
            words = f"{percent:.0f} % of its processors are used, of others {usual:.0f} %"
            yield Fault(State.WARNING, words, on=moid, evidence=seen)


def _host(number: int, mhz: int) -> HostSystem:
    return HostSystem(
        moid=f"host-{number}",
        name=f"esx0{number}",
        connection_state="connected",
        in_maintenance_mode=False,
        cpu_mhz=2500,
        cpu_cores=32,
        cpu_usage_mhz=mhz,
    )


_THREE = ("host-1", "host-2", "host-3")
cluster_unbalanced.fires(_host(1, 70_000), _host(2, 20_000), _host(3, 24_000), hosts=_THREE)
cluster_unbalanced.silent(_host(1, 48_000), _host(2, 40_000), _host(3, 42_000), hosts=_THREE)
