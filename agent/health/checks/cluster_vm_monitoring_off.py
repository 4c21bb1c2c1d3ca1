from agent.health.catalogue import Faults, check
from agent.health.subjects import CLUSTER, HA_CLUSTER
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State


@check(CLUSTER, State.INFO, needs=("vm_monitoring",), when=HA_CLUSTER)
def cluster_vm_monitoring_off(cluster: ClusterComputeResource) -> Faults:
    """HA does not restart a VM whose guest hangs.

    Meaning: HA acts when a host fails; it can also reset a VM whose VMware Tools have fallen silent. That part is off.
    Impact: a guest that has crashed stays so until somebody notices.
    Ask the vendor: is it agreed who watches our guests, and is this off on purpose?
    """
    if cluster.vm_monitoring == "vmMonitoringDisabled":
        yield Fault(State.INFO, "HA does not restart VMs whose guest hangs")


cluster_vm_monitoring_off.fires(vm_monitoring="vmMonitoringDisabled")
cluster_vm_monitoring_off.silent(vm_monitoring="vmMonitoringOnly")
