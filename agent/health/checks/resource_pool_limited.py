from agent.health.catalogue import Faults, check
from agent.health.subjects import OWN_POOL, POOL
from agent.model.health import Fault, State
from agent.model.resource_pool import ResourceAllocation, ResourcePool


@check(POOL, State.INFO, needs=("cpu", "memory"), when=OWN_POOL)
def resource_pool_limited(pool: ResourcePool) -> Faults:
    """A limit is set on a resource pool.

    Meaning: all VMs in it together may use no more than that.
    Impact: none until it bites; then everything in it is slow at once.
    Ask the vendor: is this the size that we bought?
    """
    cpu = pool.cpu.limit if pool.cpu else None
    memory = pool.memory.limit if pool.memory else None
    parts = [f"{cpu} MHz"] if cpu is not None and cpu >= 0 else []
    parts += [f"{memory} MiB"] if memory is not None and memory >= 0 else []
    if parts:
        yield Fault(State.INFO, f"may use no more than {' and '.join(parts)}")


_NONE = ResourceAllocation(limit=-1)
resource_pool_limited.fires(cpu=ResourceAllocation(limit=20_000), memory=_NONE)
resource_pool_limited.silent(cpu=_NONE, memory=_NONE)
