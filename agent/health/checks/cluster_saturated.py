from agent.health.catalogue import Faults, check
from agent.health.grading import at_least
from agent.health.look import Look
from agent.health.members import working
from agent.health.subjects import CLUSTER
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State
from agent.model.host import HostSystem


@check(
    CLUSTER,
    State.WARNING,
    State.CRITICAL,
    needs=("hosts",),
    also=("HostSystem.summary.quickStats.overallCpuUsage", "HostSystem.summary.quickStats.overallMemoryUsage"),
    lasting_minutes=60,
)
def cluster_saturated(
    cluster: ClusterComputeResource, look: Look, *, warning_percent: float = 80, critical_percent: float = 90
) -> Faults:
    """A cluster is nearly full.

    Meaning: what its working hosts use of their processors or memory, all VMs counted, also those that we do not see.
    Impact: no room for growth, for a failed host, or for the load of a Monday morning.
    Ask the vendor: when is the cluster extended, and what do you promise us until then?
    """
    fields = ("cpu_usage_mhz", "cpu_mhz", "cpu_cores", "memory_usage_mib", "memory_bytes")
    hosts = list(working(cluster, look, *fields))
    for what, used, there in (
        (
            "processors",
            sum(host.cpu_usage_mhz or 0 for host in hosts),
            sum((host.cpu_mhz or 0) * (host.cpu_cores or 0) for host in hosts),
        ),
        (
            "memory",
            sum(host.memory_usage_mib or 0 for host in hosts),
            sum((host.memory_bytes or 0) // 1024**2 for host in hosts),
        ),
    ):
        share = 100 * used / there if there else 0.0
        if state := at_least(share, warning=warning_percent, critical=critical_percent):
            yield Fault(state, f"{share:.0f} % of its {what} are in use on {len(hosts)} hosts", part=what)


def _host(used_mib: int) -> HostSystem:
    return HostSystem(
        moid="host-1",
        name="esx01",
        connection_state="connected",
        in_maintenance_mode=False,
        cpu_usage_mhz=20_000,
        cpu_mhz=2600,
        cpu_cores=32,
        memory_usage_mib=used_mib,
        memory_bytes=512 * 1024**3,
    )


cluster_saturated.fires(_host(450_000), hosts=("host-1",))
cluster_saturated.silent(_host(300_000), hosts=("host-1",))
