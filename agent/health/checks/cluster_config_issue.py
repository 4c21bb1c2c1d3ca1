from agent.health.catalogue import Faults, check
from agent.health.subjects import CLUSTER
from agent.model.cluster import ClusterComputeResource
from agent.model.health import Fault, State
from agent.model.virtual_machine import ConfigIssue


@check(CLUSTER, State.WARNING, sees=("config_issues",), lasting_minutes=24 * 60)
def cluster_config_issue(cluster: ClusterComputeResource) -> Faults:
    """A cluster has a configuration issue in vCenter's summary.

    Meaning: what vCenter writes in the yellow bar of the cluster's summary page, for everybody who looks.
    Impact: what it says; mostly that HA is not what it should be. That it stands there means that nobody acts.
    Ask the vendor: since when does it stand there, and when will it be gone?
    """
    for issue in cluster.config_issues or ():
        since = f", since {issue.created:%Y-%m-%d}" if issue.created else ""
        yield Fault(State.WARNING, f"{issue.message or issue.kind}{since}", part=issue.kind or "")


cluster_config_issue.fires(
    config_issues=(ConfigIssue(kind="HostHasNoIsolationAddrsDefined", message="esx01 has no isolation addresses"),)
)
cluster_config_issue.silent(config_issues=())
