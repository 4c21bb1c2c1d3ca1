from agent.health.catalogue import Faults, check
from agent.health.subjects import CLUSTER
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State

_STATES = {"yellow": State.WARNING, "red": State.CRITICAL}


@check(CLUSTER, State.WARNING, State.CRITICAL, needs=("overall_status",), lasting_minutes=30)
def cluster_status_bad(cluster: ClusterComputeResource) -> Faults:
    """A cluster is yellow or red in vCenter.

    Meaning: vCenter's own sum over the alarms and the state of the cluster. What is behind it is mostly a finding of its
    own here; if there is none, it is something that our account cannot see.
    Impact: as the alarm behind it.
    Ask the vendor: which alarm is it, and is somebody at work on it?
    """
    if state := _STATES.get(cluster.overall_status or ""):
        yield Fault(state, f"its overall status is {cluster.overall_status}")


cluster_status_bad.fires(overall_status="yellow")
cluster_status_bad.silent(overall_status="green")
