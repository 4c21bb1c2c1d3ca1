"""Faults that performance counters show."""

from collections.abc import Iterator

from agent.simulator.objects import Estate
from agent.simulator.planted.hosts import ALONE, FIFTH, FIRST, FOURTH, SECOND, THIRD
from agent.simulator.planted.table import plant


def _count(estate: Estate, host: str, counter: str, value: int) -> None:
    estate.performance[host, counter] = lambda _instance, _at: value


@plant("host_cpu_ready_high")
def ready(estate: Estate) -> Iterator[str]:
    """The VMs of a host wait a fifth of the time of its 64 cores."""
    _count(estate, FIRST, "cpu.ready.summation", 64 * 4000)
    yield FIRST


@plant("host_swapping")
def swapping(estate: Estate) -> Iterator[str]:
    """A host swaps 3 MiB a second."""
    _count(estate, SECOND, "mem.swapinRate.average", 1000)
    _count(estate, SECOND, "mem.swapoutRate.average", 2000)
    yield SECOND


@plant("host_storage_latency_high")
def slow_storage(estate: Estate) -> Iterator[str]:
    """The array answers after 70 ms to one host; at another one requests wait in the host."""
    _count(estate, THIRD, "disk.deviceLatency.average", 70)
    yield THIRD
    _count(estate, FOURTH, "disk.kernelLatency.average", 9)
    yield FOURTH


@plant("host_storage_aborts")
def aborts(estate: Estate) -> Iterator[str]:
    """The array does not answer for seconds."""
    _count(estate, THIRD, "disk.commandsAborted.summation", 3)
    yield THIRD


@plant("host_network_drops")
def drops(estate: Estate) -> Iterator[str]:
    """An uplink is full."""
    _count(estate, FIFTH, "net.droppedRx.summation", 2_000_000)
    yield FIFTH


@plant("host_network_errors")
def errors(estate: Estate) -> Iterator[str]:
    """A cable is bad."""
    _count(estate, ALONE, "net.errorsRx.summation", 12)
    yield ALONE
