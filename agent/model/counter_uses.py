"""Which performance counters are read of which kind of object, and how their instances become one figure."""

from collections.abc import Mapping
from types import MappingProxyType

from agent.model.performance import Combine, CounterDefinition, CounterUse, SampleGrid


def is_total(definition: CounterDefinition) -> bool:
    """Whether samples add up: deltas do, and rates times their interval; percentages, watts and absolutes do not."""
    if definition.stats_type == "delta":
        return True
    return definition.stats_type == "rate" and definition.unit not in ("percent", "watt")


def _rate(name: str, unit: str = "kiloBytesPerSecond", instance: str = "") -> CounterUse:
    return CounterUse(name=name, unit=unit, stats_type="rate", instance=instance)


def _delta(name: str, unit: str = "number", instance: str = "", *, peak: bool = False) -> CounterUse:
    return CounterUse(name=name, unit=unit, stats_type="delta", instance=instance, peak=peak)


def _absolute(name: str, unit: str, instance: str = "", *, peak: bool = False, rate: bool = False) -> CounterUse:
    return CounterUse(
        name=name,
        unit=unit,
        stats_type="rate" if rate else "absolute",
        instance=instance,
        combine=Combine.MAX,
        peak=peak,
    )


_NETWORK = (
    _rate("net.bytesRx.average"),
    _rate("net.bytesTx.average"),
    _delta("net.packetsRx.summation"),
    _delta("net.packetsTx.summation"),
    _delta("net.droppedRx.summation"),
    _delta("net.droppedTx.summation"),
)
_DISK = (
    _rate("disk.read.average"),
    _rate("disk.write.average"),
    _absolute("disk.maxTotalLatency.latest", "millisecond", peak=True),
    _delta("disk.commandsAborted.summation", instance="*"),
)
_MEMORY = (
    _absolute("mem.active.average", "kiloBytes"),
    _absolute("mem.consumed.average", "kiloBytes"),
    _absolute("mem.vmmemctl.average", "kiloBytes"),
)
_SWAPPING = (_rate("mem.swapinRate.average"), _rate("mem.swapoutRate.average"))

DEFAULT_COUNTERS: Mapping[str, tuple[CounterUse, ...]] = MappingProxyType(
    {
        "vm": (
            _rate("cpu.usagemhz.average", "megaHertz"),
            _delta("cpu.ready.summation", "millisecond", peak=True),
            _delta("cpu.costop.summation", "millisecond"),
            _delta("cpu.maxlimited.summation", "millisecond"),
            _absolute("cpu.latency.average", "percent", peak=True, rate=True),
            *_SWAPPING,
            *_DISK,
            _rate("virtualDisk.numberReadAveraged.average", "number", "*"),
            _rate("virtualDisk.numberWriteAveraged.average", "number", "*"),
            _absolute("virtualDisk.totalReadLatency.average", "millisecond", "*"),
            _absolute("virtualDisk.totalWriteLatency.average", "millisecond", "*"),
            _absolute("datastore.maxTotalLatency.latest", "millisecond"),
            *_NETWORK,
            _absolute("sys.uptime.latest", "second"),
            _absolute("sys.osUptime.latest", "second"),
            _delta("sys.heartbeat.summation"),
        ),
        "host": (
            _rate("cpu.usagemhz.average", "megaHertz"),
            _delta("cpu.ready.summation", "millisecond"),
            _absolute("cpu.latency.average", "percent", peak=True, rate=True),
            _absolute("cpu.utilization.average", "percent", rate=True),
            *_MEMORY,
            _absolute("mem.swapused.average", "kiloBytes"),
            *_SWAPPING,
            *_DISK,
            _absolute("disk.kernelLatency.average", "millisecond", "*"),
            _absolute("disk.deviceLatency.average", "millisecond", "*", peak=True),
            _absolute("disk.queueLatency.average", "millisecond", "*"),
            *_NETWORK,
            _delta("net.errorsRx.summation"),
            _delta("net.errorsTx.summation"),
            _absolute("power.power.average", "watt", rate=True),
            _delta("power.energy.summation", "joule"),
        ),
        "resource_pool": (
            _rate("cpu.usagemhz.average", "megaHertz"),
            _delta("cpu.maxlimited.summation", "millisecond"),
        ),
        "cluster": (
            _rate("cpu.usagemhz.average", "megaHertz"),
            _absolute("mem.consumed.average", "kiloBytes"),
            _absolute("mem.usage.average", "percent"),
        ),
        "datastore": (
            _rate("datastore.read.average", instance="*"),
            _rate("datastore.write.average", instance="*"),
            _rate("datastore.numberReadAveraged.average", "number", "*"),
            _rate("datastore.numberWriteAveraged.average", "number", "*"),
            _absolute("datastore.totalReadLatency.average", "millisecond", "*"),
            _absolute("datastore.totalWriteLatency.average", "millisecond", "*"),
            _absolute("disk.used.latest", "kiloBytes"),
            _absolute("disk.provisioned.latest", "kiloBytes"),
        ),
    }
)
"""Read unless the configuration says otherwise. Levels 1 and 2 of vCenter's statistics, all had in real time.

A VM's CPU demand and its active, consumed, ballooned, swapped and compressed memory are not asked for again: the
properties that the inventory reads (`summary.quickStats`) are these same figures.
"""

GRIDS: Mapping[str, SampleGrid] = MappingProxyType(
    {
        **dict.fromkeys(("vm", "host", "resource_pool"), SampleGrid(interval_s=20, lookback_s=300, horizon_s=3600)),
        **dict.fromkeys(("cluster", "datastore"), SampleGrid(interval_s=300, lookback_s=3600, horizon_s=86400)),
    }
)
"""Hosts measure VMs, themselves and pools, and vCenter keeps that for an hour; of clusters and datastores it has only
its own first roll-up, kept for a day, which may lag by half an hour."""
WIRE_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "vm": "VirtualMachine",
        "host": "HostSystem",
        "resource_pool": "ResourcePool",
        "cluster": "ClusterComputeResource",
        "datastore": "Datastore",
    }
)
