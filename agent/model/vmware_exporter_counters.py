"""The performance counters that vmware_exporter serves as they are: the newest sample, in vCenter's own unit."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from agent.model.performance import CounterUse

VMWARE_EXPORTER_COUNTERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "vm": (
            "cpu.ready.summation",
            "cpu.maxlimited.summation",
            "cpu.usage.average",
            "cpu.usagemhz.average",
            "cpu.costop.summation",
            "cpu.idle.summation",
            "cpu.demand.average",
            "mem.usage.average",
            "mem.consumed.average",
            "mem.active.average",
            "mem.swapped.average",
            "mem.vmmemctl.average",
            "disk.maxTotalLatency.latest",
            "disk.usage.average",
            "disk.read.average",
            "disk.write.average",
            "net.received.average",
            "net.transmitted.average",
            "net.multicastRx.summation",
            "net.multicastTx.summation",
            "net.broadcastTx.summation",
            "net.broadcastRx.summation",
            "net.droppedRx.summation",
            "net.droppedTx.summation",
        ),
        "host": (
            "cpu.costop.summation",
            "cpu.demand.average",
            "cpu.idle.summation",
            "cpu.ready.summation",
            "cpu.swapwait.summation",
            "cpu.usage.average",
            "cpu.usagemhz.average",
            "cpu.used.summation",
            "disk.read.average",
            "disk.write.average",
            "mem.active.average",
            "mem.latency.average",
            "mem.swapin.average",
            "mem.swapinRate.average",
            "mem.swapout.average",
            "mem.swapoutRate.average",
            "mem.vmmemctl.average",
            "net.bytesRx.average",
            "net.bytesTx.average",
            "net.droppedRx.summation",
            "net.droppedTx.summation",
            "net.errorsRx.summation",
            "net.errorsTx.summation",
            "net.usage.average",
        ),
    }
)
"""In the order in which that program asks for them, by kind of object."""


def with_newest(uses: Iterable[CounterUse], kind: str) -> tuple[CounterUse, ...]:
    """The uses of one kind of object, so that the newest sample of each of these counters is kept as well.

    Those that are not among `uses` are read for that alone: they add no metric and nothing to the database.
    """
    wanted = VMWARE_EXPORTER_COUNTERS.get(kind, ())
    found = tuple(replace(use, newest=True) if use.name in wanted else use for use in uses)
    known = {use.name for use in found}
    more = (
        CounterUse(name=name, unit="", stats_type="", newest=True, counted=False)
        for name in wanted
        if name not in known
    )
    return (*found, *more)
