from typing import Any

from agent.health.catalogue import Faults, check
from agent.health.look import Look, known
from agent.health.members import running_vms
from agent.health.subjects import CLUSTER
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.virtual_machine import VirtualMachine


@check(
    CLUSTER,
    State.WARNING,
    needs=("effective_memory_mib", "hosts"),
    also=("VirtualMachine.config.hardware.memoryMB",),
    lasting_minutes=60,
)
def cluster_memory_overcommitted(cluster: ClusterComputeResource, look: Look, *, most_percent: float = 100) -> Faults:
    """More memory is sold than there is.

    Meaning: memory of the VMs that are on, by what the hosts that work can give to VMs. VMs of others that our account
    does not see come on top.
    Impact: if all VMs use what they are billed for, the hosts balloon and swap.
    Ask the vendor: is over-commitment of memory agreed, and up to which share?
    """
    there = cluster.effective_memory_mib or 0
    sold = sum(known(vm, "memory_mib") for vm in running_vms(cluster, look))
    if there and 100 * sold / there > most_percent:
        yield Fault(
            State.WARNING,
            f"{100 * sold / there:.0f} % of its memory is given to VMs: {sold / 1024:.0f} of {there / 1024:.0f} GiB",
        )


_HOST = HostSystem(moid="host-1", name="esx01")
_VM: Any = {"moid": "vm-1", "name": "sql01", "host": "host-1", "template": False, "power_state": "poweredOn"}
cluster_memory_overcommitted.fires(
    _HOST, VirtualMachine(**_VM, memory_mib=300 * 1024), hosts=("host-1",), effective_memory_mib=250 * 1024
)
cluster_memory_overcommitted.silent(
    _HOST, VirtualMachine(**_VM, memory_mib=200 * 1024), hosts=("host-1",), effective_memory_mib=250 * 1024
)
