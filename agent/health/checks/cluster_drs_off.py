from agent.health.catalogue import Faults, check
from agent.health.look import Unseen
from agent.health.subjects import CLUSTER
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State


@check(CLUSTER, State.WARNING, needs=("drs_enabled",), sees=("drs_behavior",), lasting_minutes=60)
def cluster_drs_off(cluster: ClusterComputeResource) -> Faults:
    """DRS is off, or moves nothing by itself.

    Meaning: DRS, which moves VMs away from a host that is full, is off or only makes proposals.
    Impact: a noisy neighbour is not moved, rules are not kept, and a host is not emptied for a patch by itself.
    Ask the vendor: who acts on the proposals at night, if DRS does not?
    """
    if not cluster.drs_enabled:
        yield Fault(State.WARNING, "DRS is off")
    elif cluster.drs_behavior is None:
        raise Unseen(cluster, "drs_behavior")
    elif cluster.drs_behavior != "fullyAutomated":
        yield Fault(State.WARNING, f"DRS is {_WORDS.get(cluster.drs_behavior or '', cluster.drs_behavior)}")


_WORDS = {"partiallyAutomated": "only partially automated", "manual": "manual: it only makes proposals"}
cluster_drs_off.fires(drs_enabled=False)
cluster_drs_off.fires(drs_enabled=True, drs_behavior="manual")
cluster_drs_off.silent(drs_enabled=True, drs_behavior="fullyAutomated")
