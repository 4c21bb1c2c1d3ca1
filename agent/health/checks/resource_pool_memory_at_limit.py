from agent.health.catalogue import Faults, check
from agent.health.look import Unseen
from agent.health.subjects import OWN_POOL, POOL
from agent.model.health import Fault, State
from agent.model.resource_pool import PoolRuntime, ResourceAllocation, ResourcePool

_MIB = 1024**2


@check(POOL, State.WARNING, needs=("memory", "memory_runtime"), when=OWN_POOL, lasting_minutes=15)
def resource_pool_memory_at_limit(pool: ResourcePool, *, warning_percent: float = 90) -> Faults:
    """A resource pool uses all the memory that it may.

    Meaning: the pool has a limit, and its VMs together are close to it.
    Impact: their memory is ballooned and swapped, however much the hosts have.
    Ask the vendor: is the limit what we bought, and what does the next step cost?
    """
    limit = pool.memory.limit if pool.memory else None
    used = pool.memory_runtime.overall_usage if pool.memory_runtime else None
    if limit is None or used is None:
        raise Unseen(pool, "memory_runtime")
    if limit > 0 and 100 * used / _MIB / limit >= warning_percent:
        yield Fault(State.WARNING, f"uses {used // _MIB} of the {limit} MiB that it may")


_LIMIT = ResourceAllocation(limit=65_536)
resource_pool_memory_at_limit.fires(memory=_LIMIT, memory_runtime=PoolRuntime(overall_usage=64_000 * _MIB))
resource_pool_memory_at_limit.silent(memory=_LIMIT, memory_runtime=PoolRuntime(overall_usage=9_000 * _MIB))
