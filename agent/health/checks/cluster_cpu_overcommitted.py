from typing import Any

from agent.health.catalogue import Faults, check
from agent.health.look import Look, known
from agent.health.members import running_vms, working
from agent.health.subjects import CLUSTER
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.virtual_machine import VirtualMachine


@check(
    CLUSTER,
    State.WARNING,
    needs=("hosts",),
    also=("VirtualMachine.config.hardware.numCPU", "HostSystem.summary.hardware.numCpuCores"),
    lasting_minutes=60,
)
def cluster_cpu_overcommitted(cluster: ClusterComputeResource, look: Look, *, most_ratio: float = 4) -> Faults:
    """More virtual processors than agreed share a core.

    Meaning: virtual processors of the VMs that are on, by physical cores of the hosts that work. VMs of others that our
    account does not see come on top: the true ratio is this or higher. Set the ratio of your contract.
    Impact: VMs wait for a core, seen as ready time, although each one is billed in full.
    Ask the vendor: which ratio is agreed, and which do you count yourselves for this cluster?
    """
    cores = sum(host.cpu_cores or 0 for host in working(cluster, look, "cpu_cores"))
    virtual = sum(known(vm, "cpus") for vm in running_vms(cluster, look))
    if cores and virtual / cores > most_ratio:
        yield Fault(State.WARNING, f"{virtual / cores:.1f} virtual processors a core: {virtual} on {cores} cores")


_HOST = HostSystem(moid="host-1", name="esx01", connection_state="connected", in_maintenance_mode=False, cpu_cores=16)
_VM: Any = {"moid": "vm-1", "name": "sql01", "host": "host-1", "template": False, "power_state": "poweredOn"}
cluster_cpu_overcommitted.fires(_HOST, VirtualMachine(**_VM, cpus=96), hosts=("host-1",))
cluster_cpu_overcommitted.silent(_HOST, VirtualMachine(**_VM, cpus=48), hosts=("host-1",))
