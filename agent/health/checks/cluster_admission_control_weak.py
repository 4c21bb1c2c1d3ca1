from agent.health.catalogue import Faults, check
from agent.health.subjects import ADMISSION, CLUSTER
from agent.model.cluster import AdmissionControlPolicy, ClusterComputeResource
from agent.model.health import Fault, State


@check(CLUSTER, State.WARNING, needs=("admission_policy", "hosts"), when=ADMISSION)
def cluster_admission_control_weak(cluster: ClusterComputeResource, *, promised_count: float = 1) -> Faults:
    """HA keeps less room than for the promised number of hosts.

    Meaning: the share of processors and memory that admission control keeps free, or the number of hosts it counts on,
    is less than so many hosts of this cluster. Mostly the share was set when the cluster had more hosts.
    Impact: after the failure of a host not every VM can be started again.
    Ask the vendor: how many hosts may fail by contract, and why is less than that kept free?
    """
    policy, hosts = cluster.admission_policy, len(cluster.hosts or ())
    assert policy is not None  # noqa: S101 - needed above
    if policy.failover_level is not None and policy.failover_level < promised_count:
        yield Fault(State.WARNING, f"HA keeps room for {policy.failover_level} failed hosts")
    if policy.failover_hosts is not None and len(policy.failover_hosts) < promised_count:
        yield Fault(State.WARNING, f"HA keeps {len(policy.failover_hosts)} hosts in reserve")
    if not hosts:
        return
    needed = 100 * promised_count / hosts
    for name, share in (("memory", policy.memory_percent), ("processors", policy.cpu_percent)):
        if share is not None and share < needed - 1:  # vCenter rounds the share
            yield Fault(
                State.WARNING, f"HA keeps {share} % of {name}; {promised_count:g} of {hosts} hosts is {needed:.0f} %"
            )


_FOUR = ("host-1", "host-2", "host-3", "host-4")
cluster_admission_control_weak.fires(
    admission_policy=AdmissionControlPolicy(cpu_percent=25, memory_percent=12), hosts=_FOUR
)
cluster_admission_control_weak.fires(admission_policy=AdmissionControlPolicy(failover_level=0), hosts=_FOUR)
cluster_admission_control_weak.silent(
    admission_policy=AdmissionControlPolicy(cpu_percent=25, memory_percent=25), hosts=_FOUR
)
