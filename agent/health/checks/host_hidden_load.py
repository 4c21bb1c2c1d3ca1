from typing import Any

from agent.health.catalogue import Faults, check
from agent.health.look import Look, known
from agent.health.subjects import CONNECTED, HOST
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.virtual_machine import VirtualMachine

_MIB = 1024 * 1024


@check(
    HOST,
    State.INFO,
    needs=("cpu_usage_mhz", "memory_usage_mib", "memory_bytes", "cpu_mhz", "cpu_cores"),
    also=("VirtualMachine.summary.quickStats.overallCpuUsage", "VirtualMachine.summary.quickStats.hostMemoryUsage"),
    when=CONNECTED,
    lasting_minutes=60,
)
def host_hidden_load(host: HostSystem, look: Look, *, most_percent: float = 10) -> Faults:
    """A host carries load that no VM we can see explains.

    Meaning: what the host uses less what our VMs on it use, as a share of the host; the hypervisor itself takes a few
    percent. What is above that are VMs of others, whom our account does not see.
    Impact: the platform is shared: our figures of over-commitment and N+1 are lower bounds, and neighbours are noisy
    unseen.
    Ask the vendor: who else runs on this host, and does the contract promise hosts of our own?
    """
    vms = [vm for vm in look.vms_by_host.get(host.moid, ()) if vm.power_state == "poweredOn"]
    ours_mhz = sum(known(vm, "cpu_usage_mhz") for vm in vms)
    ours_mib = sum(known(vm, "memory_consumed_mib") for vm in vms)
    capacity_mhz, capacity_mib = (host.cpu_mhz or 0) * (host.cpu_cores or 0), (host.memory_bytes or 0) / _MIB
    for what, used, ours, capacity, unit, scale in (
        ("processors", host.cpu_usage_mhz or 0, ours_mhz, capacity_mhz, "GHz", 1000),
        ("memory", host.memory_usage_mib or 0, ours_mib, capacity_mib, "GiB", 1024),
    ):
        hidden = used - ours
        if capacity and 100 * hidden / capacity > most_percent:
            yield Fault(
                State.INFO,
                f"{hidden / scale:.0f} {unit} of {what}, {100 * hidden / capacity:.0f} % of the host, are used by what we "
                "do not see",
                part=what,
            )


_SIZE: Any = {"cpu_mhz": 2600, "cpu_cores": 32, "memory_bytes": 512 * 1024**3, "cpu_usage_mhz": 20_000}
_VM = VirtualMachine(
    moid="vm-1", name="erp01", host="host-1", power_state="poweredOn", cpu_usage_mhz=18_000, memory_consumed_mib=90_000
)
host_hidden_load.fires(_VM, **_SIZE, memory_usage_mib=300_000)
host_hidden_load.silent(_VM, **_SIZE, memory_usage_mib=104_000)
