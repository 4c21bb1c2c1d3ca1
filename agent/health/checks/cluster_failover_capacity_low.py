from agent.health.catalogue import Faults, check
from agent.health.subjects import ADMISSION, CLUSTER
from agent.model.cluster import AdmissionControlInfo, AdmissionControlPolicy, ClusterComputeResource
from agent.model.health import Fault, State


@check(
    CLUSTER,
    State.CRITICAL,
    needs=("admission_policy", "admission_info"),
    when=ADMISSION,
    lasting_minutes=15,
)
def cluster_failover_capacity_low(cluster: ClusterComputeResource) -> Faults:
    """By vCenter's own count there is less room for a failed host than HA is set to keep.

    Meaning: vCenter's sum of reservations against what the admission control policy asks for. It counts reservations
    only; cluster_not_n_plus_1 counts what is used too.
    Impact: HA says itself that it cannot restart every VM; VMs that are off cannot be started.
    Ask the vendor: since when, which host is missing, and why did nobody answer vCenter's alarm?
    """
    policy, now = cluster.admission_policy, cluster.admission_info
    assert policy is not None  # noqa: S101 - needed above
    assert now is not None  # noqa: S101 - needed above
    for what, wanted, there in (
        ("% of memory", policy.memory_percent, now.memory_percent),
        ("% of processors", policy.cpu_percent, now.cpu_percent),
        ("failed hosts", policy.failover_level, now.failover_level),
    ):
        if wanted is not None and there is not None and there < wanted:
            yield Fault(State.CRITICAL, f"HA has room for {there} {what}, and is to keep {wanted}", part=what)


_POLICY = AdmissionControlPolicy(memory_percent=33, cpu_percent=33)
cluster_failover_capacity_low.fires(
    admission_policy=_POLICY, admission_info=AdmissionControlInfo(memory_percent=21, cpu_percent=60)
)
cluster_failover_capacity_low.silent(
    admission_policy=_POLICY, admission_info=AdmissionControlInfo(memory_percent=48, cpu_percent=60)
)
