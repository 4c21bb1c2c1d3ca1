from agent.health.catalogue import Faults, check
from agent.health.subjects import CLUSTER
from agent.model.cluster import ClusterComputeResource, ClusterGroup, ClusterRule
from agent.model.health import Fault, State


@check(CLUSTER, State.WARNING, needs=("rules", "groups"))
def cluster_rule_empty(cluster: ClusterComputeResource) -> Faults:
    """A rule has nothing left that it could act on.

    Meaning: it keeps fewer than two VMs apart or together, or one of its groups is empty or gone: mostly a VM was
    replaced, and the new one was not put into the rule.
    Impact: the vendor's list shows a rule, and the new server of the pair is not covered by it.
    Ask the vendor: which VMs should it name, and who updates rules when a server is replaced?
    """
    filled = {group.name for group in cluster.groups or () if group.vms or group.hosts}
    for rule in cluster.rules or ():
        if not rule.enabled:
            continue
        vms = rule.anti_affine_vms if rule.anti_affine_vms is not None else rule.affine_vms
        groups = (rule.vm_group, rule.affine_host_group, rule.anti_affine_host_group)
        empty = [name for name in groups if name is not None and name not in filled]
        if vms is not None and len(vms) < 2:
            yield Fault(State.WARNING, f"rule {rule.name!r} names {len(vms) or 'no'} VM", part=rule.name or "")
        elif empty:
            yield Fault(
                State.WARNING, f"rule {rule.name!r} names empty groups: {', '.join(empty)}", part=rule.name or ""
            )


_PAIR = ClusterRule(name="domain controllers apart", enabled=True, anti_affine_vms=("vm-1", "vm-2"))
_SQL = ClusterRule(name="SQL on licensed hosts", enabled=True, vm_group="SQL-VM", affine_host_group="SQL-hosts")
cluster_rule_empty.fires(rules=(_PAIR, _SQL), groups=(ClusterGroup(name="SQL-VM", vms=("vm-7",)),))
cluster_rule_empty.silent(
    rules=(_PAIR, _SQL),
    groups=(ClusterGroup(name="SQL-VM", vms=("vm-7",)), ClusterGroup(name="SQL-hosts", hosts=("host-1",))),
)
