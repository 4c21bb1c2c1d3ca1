from agent.health.catalogue import Faults, check
from agent.health.evidence import values_of
from agent.health.look import Look
from agent.health.members import running_vms
from agent.health.subjects import CLUSTER, VM
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.virtual_machine import VirtualMachine


@check(
    CLUSTER,
    State.INFO,
    needs=("hosts",),
    sees=("evc_mode",),
    also=("VirtualMachine.runtime.minRequiredEVCModeKey",),
    about=VM,
)
def cluster_vm_evc_differs(cluster: ClusterComputeResource, look: Look) -> Faults:
    """A VM runs with the processor features of another EVC mode than its cluster's.

    Meaning: EVC was changed after the VM was started, and takes effect when it is switched off and on; a restart of the
    guest is not enough. VMs of which vCenter does not tell the mode are passed over.
    Impact: it may not move to every host of the cluster, or to the servers that are bought next.
    Ask the vendor: when may it be switched off and on, and is it on the list for the exchange of servers?
    """
    if cluster.evc_mode is None:
        return  # that is cluster_evc_off
    for vm in running_vms(cluster, look):
        if vm.min_evc_mode is not None and vm.min_evc_mode != cluster.evc_mode:
            seen = values_of(vm, look, "min_evc_mode")
            words = f"runs with {vm.min_evc_mode}, its cluster with {cluster.evc_mode}"
            yield Fault(State.INFO, words, on=vm.moid, evidence=seen)


def _vm(mode: str) -> VirtualMachine:
    return VirtualMachine(
        moid="vm-1", name="erp01", host="host-1", template=False, power_state="poweredOn", min_evc_mode=mode
    )


_HOST = HostSystem(moid="host-1", name="esx01")
cluster_vm_evc_differs.fires(_HOST, _vm("intel-sapphirerapids"), hosts=("host-1",), evc_mode="intel-icelake")
cluster_vm_evc_differs.silent(_HOST, _vm("intel-icelake"), hosts=("host-1",), evc_mode="intel-icelake")
