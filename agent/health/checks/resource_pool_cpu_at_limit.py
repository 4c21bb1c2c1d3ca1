from agent.health.catalogue import Faults, check
from agent.health.look import Unseen
from agent.health.subjects import OWN_POOL, POOL
from agent.model.health import Fault, State
from agent.model.resource_pool import PoolRuntime, ResourceAllocation, ResourcePool


@check(POOL, State.WARNING, needs=("cpu", "cpu_runtime"), when=OWN_POOL, lasting_minutes=15)
def resource_pool_cpu_at_limit(pool: ResourcePool, *, warning_percent: float = 90) -> Faults:
    """A resource pool uses all the CPU that it may.

    Meaning: the pool has a limit, and its VMs together are close to it.
    Impact: they are throttled, however idle the hosts are.
    Ask the vendor: is the limit what we bought, and what does the next step cost?
    """
    limit = pool.cpu.limit if pool.cpu else None
    used = pool.cpu_runtime.overall_usage if pool.cpu_runtime else None
    if limit is None or used is None:
        raise Unseen(pool, "cpu_runtime")
    if limit > 0 and 100 * used / limit >= warning_percent:
        yield Fault(State.WARNING, f"uses {used} of the {limit} MHz that it may")


_LIMIT = ResourceAllocation(limit=20_000)
resource_pool_cpu_at_limit.fires(cpu=_LIMIT, cpu_runtime=PoolRuntime(overall_usage=19_500))
resource_pool_cpu_at_limit.silent(cpu=_LIMIT, cpu_runtime=PoolRuntime(overall_usage=4_000))
