"""How many of its hosts a cluster can lose and still carry what runs on it. Pure."""

from collections.abc import Sequence

from agent.model.host import HostSystem

_MIB = 1024 * 1024


def usable(host: HostSystem) -> bool:
    """Whether VMs can run on it now: connected and not in maintenance."""
    return host.connection_state == "connected" and host.in_maintenance_mode is False


def failures_tolerated(
    hosts: Sequence[HostSystem], *, cpu_reserved_mhz: int | None = None, memory_reserved_mib: int | None = None
) -> int | None:
    """The largest number of hosts whose loss leaves room for what is used and for what is reserved now.

    The largest hosts are lost first, CPU and memory each by their own order. Used memory is what hosts show as consumed,
    which errs on the side of caution. None if a usable host does not say what it has or uses.

    Args:
        hosts: All of the cluster; those that cannot run VMs count as lost already.
        cpu_reserved_mhz: The sum of reservations, where vCenter says it.
        memory_reserved_mib: Likewise.
    """
    cpu: list[int] = []
    memory: list[int] = []
    cpu_used = memory_used = 0
    for host in filter(usable, hosts):
        if (
            host.cpu_mhz is None
            or host.cpu_cores is None
            or host.memory_bytes is None
            or host.cpu_usage_mhz is None
            or host.memory_usage_mib is None
        ):
            return None
        cpu.append(host.cpu_mhz * host.cpu_cores)
        memory.append(host.memory_bytes // _MIB)
        cpu_used += host.cpu_usage_mhz
        memory_used += host.memory_usage_mib
    if not cpu:
        return None
    return min(
        _tolerated(cpu, max(cpu_used, cpu_reserved_mhz or 0)),
        _tolerated(memory, max(memory_used, memory_reserved_mib or 0)),
    )


def _tolerated(capacities: Sequence[int], needed: int) -> int:
    """0 also where even all hosts together are too small."""
    left = sorted(capacities)
    lost = 0
    while len(left) > 1 and sum(left[:-1]) >= needed:
        left.pop()
        lost += 1
    return lost
