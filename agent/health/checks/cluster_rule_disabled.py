from agent.health.catalogue import Faults, check
from agent.health.subjects import CLUSTER
from agent.model.cluster import ClusterComputeResource, ClusterRule
from agent.model.health import Fault, State


@check(CLUSTER, State.INFO, needs=("rules",))
def cluster_rule_disabled(cluster: ClusterComputeResource) -> Faults:
    """A rule that keeps VMs apart or together is switched off.

    Meaning: the rule stands there, and nobody keeps it. Rules are switched off for a repair and then forgotten.
    Impact: what the rule was made for: both servers of a pair on one host, or licences on the wrong one.
    Ask the vendor: is the rule needed, and if not, why does it stand there?
    """
    for rule in cluster.rules or ():
        if rule.enabled is False:
            yield Fault(State.INFO, f"rule {rule.name!r} is off", part=rule.name or "")


cluster_rule_disabled.fires(rules=(ClusterRule(name="domain controllers apart", enabled=False),))
cluster_rule_disabled.silent(rules=(ClusterRule(name="domain controllers apart", enabled=True),))
