from agent.health.catalogue import Faults, check
from agent.health.look import Look, known
from agent.health.subjects import MACHINE, VM
from agent.model.datastore import Datastore, HostMount
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.virtual_machine import VirtualMachine


@check(
    VM,
    State.WARNING,
    needs=("datastores",),
    also=("Datastore.host",),
    when=MACHINE,
)
def vm_local_datastore(vm: VirtualMachine, look: Look) -> Faults:
    """A VM of a cluster lies on a datastore of one host only.

    Meaning: no other host of the cluster can reach its files.
    Impact: when that host fails, nobody can start it elsewhere, HA neither; every maintenance of the host is downtime.
    Ask the vendor: why is it not on shared storage, and what does the contract say of restart after a failure?
    """
    host = look.host_of(vm)
    if host.parent in look.inventory.compute_resources:
        return  # alone anyway
    for moid in vm.datastores or ():
        datastore = look.seen("datastores", moid)
        if len(known(datastore, "hosts")) == 1:
            yield Fault(State.WARNING, f"{datastore.name} is mounted on one host only", part=moid)


_HOST = HostSystem(moid="host-1", name="esx1", parent="domain-c1")
_LOCAL = Datastore(moid="datastore-1", name="local-esx1", hosts=(HostMount(host="host-1"),))
_SHARED = Datastore(moid="datastore-1", name="SAN-01", hosts=(HostMount(host="host-1"), HostMount(host="host-2")))
vm_local_datastore.fires(_HOST, _LOCAL, host="host-1", datastores=("datastore-1",))
vm_local_datastore.silent(_HOST, _SHARED, host="host-1", datastores=("datastore-1",))
