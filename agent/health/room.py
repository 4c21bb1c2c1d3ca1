"""What a cluster has and needs, with some of its hosts lost: our own arithmetic, from hosts and VMs."""

from agent.dataclass import dataclass
from agent.health.look import Look, known
from agent.health.members import running_vms, working
from agent.model.cluster import ClusterComputeResource

MIB_A_GIB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One resource of a cluster: what is left without the lost hosts, and three figures of what is needed."""

    resource: str
    unit: str
    left: float
    used: float
    """by all that runs on the hosts, seen by us or not"""
    reserved: float
    """promised to the VMs that we see"""
    configured: float | None
    """what the VMs that we see and that are on could use at most; None for processors, where it says nothing"""

    def words(self) -> str:
        """The three figures against what is left."""
        configured = "" if self.configured is None else f", {self.configured:.0f} configured"
        return (
            f"{self.left:.0f} {self.unit} of {self.resource} would be left: {self.used:.0f} in use, "
            f"{self.reserved:.0f} reserved{configured}"
        )


def room_without(cluster: ClusterComputeResource, look: Look, lost: int) -> tuple[Room, Room]:
    """Memory and processors of a cluster that has lost its largest hosts, each resource by its own order.

    Raises:
        Unseen: a host or a VM does not say what it has, uses or reserves.
    """
    fields = ("cpu_mhz", "cpu_cores", "memory_bytes", "cpu_usage_mhz", "memory_usage_mib")
    hosts = list(working(cluster, look, *fields))
    memory = sorted((host.memory_bytes or 0) / 1024**3 for host in hosts)
    ghz = sorted((host.cpu_mhz or 0) * (host.cpu_cores or 0) / 1000 for host in hosts)
    vms = list(running_vms(cluster, look))
    kept = max(0, len(hosts) - lost)
    return (
        Room(
            resource="memory",
            unit="GiB",
            left=sum(memory[:kept]),
            used=sum(host.memory_usage_mib or 0 for host in hosts) / MIB_A_GIB,
            reserved=sum(known(vm, "memory_reservation_mib") for vm in vms) / MIB_A_GIB,
            configured=sum(known(vm, "memory_mib") for vm in vms) / MIB_A_GIB,
        ),
        Room(
            resource="processor",
            unit="GHz",
            left=sum(ghz[:kept]),
            used=sum(host.cpu_usage_mhz or 0 for host in hosts) / 1000,
            reserved=sum(known(vm, "cpu_reservation_mhz") for vm in vms) / 1000,
            configured=None,
        ),
    )
