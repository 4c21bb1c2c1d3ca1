from agent.health.catalogue import Faults, check
from agent.health.look import Look
from agent.health.room import room_without
from agent.health.subjects import CLUSTER
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.virtual_machine import VirtualMachine


@check(
    CLUSTER,
    State.WARNING,
    State.CRITICAL,
    needs=("hosts",),
    also=(
        "HostSystem.hardware.memorySize",
        "HostSystem.summary.quickStats.overallMemoryUsage",
        "HostSystem.summary.quickStats.overallCpuUsage",
        "VirtualMachine.config.hardware.memoryMB",
        "VirtualMachine.config.memoryAllocation.reservation",
    ),
    lasting_minutes=15,
)
def cluster_not_n_plus_1(cluster: ClusterComputeResource, look: Look, *, lost_count: float = 1) -> Faults:
    """The cluster cannot lose its largest host.

    Meaning: our own sum, not the vendor's. Without the largest hosts: is there room for what is in use now (critical),
    for what is reserved (critical), and for all memory that the running VMs are configured with (warning: they seldom
    use all of it at once)? Hosts in maintenance count as lost already.
    Impact: when a host fails, HA cannot restart every VM, or those that it restarts swap.
    Ask the vendor: which of the three figures do you plan by, and when is the missing host bought?
    """
    for room in room_without(cluster, look, int(lost_count)):
        needs = ((State.CRITICAL, "in use", room.used), (State.CRITICAL, "reserved", room.reserved))
        short = [(state, figure) for state, figure, needed in needs if needed > room.left]
        if room.configured is not None and room.configured > room.left:
            short.append((State.WARNING, "configured"))
        if short:
            figures = ", ".join(figure for _, figure in short)
            yield Fault(
                short[0][0],
                f"too small without {lost_count:g} host for what is {figures}: {room.words()}",
                part=room.resource,
            )


def _host(number: int, used_gib: int) -> HostSystem:
    return HostSystem(
        moid=f"host-{number}",
        name=f"esx0{number}",
        connection_state="connected",
        in_maintenance_mode=False,
        cpu_mhz=2600,
        cpu_cores=32,
        memory_bytes=512 * 1024**3,
        cpu_usage_mhz=9000,
        memory_usage_mib=used_gib * 1024,
    )


_VM = VirtualMachine(
    moid="vm-1",
    name="erp01",
    host="host-1",
    template=False,
    power_state="poweredOn",
    memory_mib=64 * 1024,
    memory_reservation_mib=0,
    cpu_reservation_mhz=0,
)
_TWO = ("host-1", "host-2")
cluster_not_n_plus_1.fires(_host(1, 300), _host(2, 300), _VM, hosts=_TWO)
cluster_not_n_plus_1.fires(_host(1, 30), hosts=("host-1",))
cluster_not_n_plus_1.silent(_host(1, 200), _host(2, 200), _VM, hosts=_TWO)
