from collections import defaultdict
from typing import Any

from agent.health.catalogue import Faults, check
from agent.health.look import Look, known
from agent.health.subjects import CLUSTER
from agent.model.cluster import ClusterComputeResource, ClusterRule
from agent.model.health import Fault, State
from agent.model.host import HostSystem
from agent.model.virtual_machine import VirtualMachine


@check(
    CLUSTER,
    State.WARNING,
    needs=("rules",),
    also=("VirtualMachine.runtime.host", "VirtualMachine.runtime.powerState"),
    lasting_minutes=30,
)
def cluster_rule_violated(cluster: ClusterComputeResource, look: Look) -> Faults:
    """A rule that keeps VMs apart or together is violated.

    Meaning: vCenter says that an enabled rule is not kept, or we see VMs on one host that a rule wants on several, which
    vCenter is slow to tell.
    Impact: both servers of a pair stop together when that host fails; or licences are used on a host that has none.
    Ask the vendor: why does DRS not move them, and since when do they run like this?
    """
    for rule in cluster.rules or ():
        if not rule.enabled:
            continue
        together = _together(rule, look)
        if together or rule.in_compliance is False:
            yield Fault(State.WARNING, f"rule {rule.name!r} is violated{together}", part=rule.name or "")


def _together(rule: ClusterRule, look: Look) -> str:
    hosts = defaultdict(list)
    for moid in rule.anti_affine_vms or ():
        vm = look.inventory.vms.get(moid)
        if vm is not None and vm.power_state == "poweredOn":
            hosts[known(vm, "host")].append(vm.name or moid)
    for host, names in hosts.items():
        if len(names) > 1:
            return f": {', '.join(sorted(names))} are together on {look.inventory.named(host) or host}"
    return ""


def _vm(number: int, host: str) -> VirtualMachine:
    return VirtualMachine(moid=f"vm-{number}", name=f"dc0{number}", host=host, power_state="poweredOn", template=False)


_RULE: Any = {"name": "domain controllers apart", "enabled": True, "anti_affine_vms": ("vm-1", "vm-2")}
cluster_rule_violated.fires(rules=(ClusterRule(name="SQL on licensed hosts", enabled=True, in_compliance=False),))
cluster_rule_violated.silent(rules=(ClusterRule(**_RULE, in_compliance=True),))
cluster_rule_violated.fires(
    HostSystem(moid="host-1", name="esx01"),
    _vm(1, "host-1"),
    _vm(2, "host-1"),
    rules=(ClusterRule(**_RULE, in_compliance=True),),
)
