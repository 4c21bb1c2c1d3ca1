"""From a vSphere counter to a metric: name, unit and factor, by rule, with better words for the ones read by default."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from agent.model.counter_uses import is_total
from agent.model.performance import CounterDefinition
from exporters.prometheus.family import KIB, MHZ, MIB


class Unit(NamedTuple):
    """A base unit as it stands in a name, and what vCenter's unit is worth in it: `times` / `per`, so that nothing
    but the last division rounds.
    """

    suffix: str
    times: int = 1
    per: int = 1

    def of(self, value: int) -> float:
        """A raw figure in the base unit."""
        return value * self.times / self.per


GAUGE_UNITS: Mapping[str, Unit] = {
    "percent": Unit("ratio", per=10_000),  # hundredths of a percent
    "millisecond": Unit("seconds", per=1000),
    "microsecond": Unit("seconds", per=1_000_000),
    "second": Unit("seconds"),
    "kiloBytes": Unit("bytes", KIB),
    "megaBytes": Unit("bytes", MIB),
    "kiloBytesPerSecond": Unit("bytes_per_second", KIB),
    "megaHertz": Unit("hertz", MHZ),
    "watt": Unit("watts"),
    "joule": Unit("joules"),
    "celsius": Unit("celsius"),
    "number": Unit(""),
}
TOTAL_UNITS: Mapping[str, Unit] = {
    **GAUGE_UNITS,
    "kiloBytesPerSecond": Unit("bytes", KIB),  # summed over the seconds of each sample
    "megaHertz": Unit("cycles", MHZ),  # likewise
    "megaBytesPerSecond": Unit("bytes", MIB),
}

WORDS: Mapping[str, tuple[str, str]] = {
    "cpu.usagemhz.average": ("cpu_used", "CPU cycles used; the rate is hertz"),
    "cpu.ready.summation": ("cpu_ready", "Time ready to run and waiting for a physical CPU, summed over the vCPUs"),
    "cpu.costop.summation": ("cpu_costop", "Time stopped so that other vCPUs of the VM could catch up"),
    "cpu.maxlimited.summation": ("cpu_limited", "Time ready to run and held back by a CPU limit"),
    "cpu.latency.average": ("cpu_latency", "Share of time it could not run because of contention"),
    "cpu.utilization.average": ("cpu_utilization", "Share of the physical CPUs' time in use"),
    "mem.active.average": ("memory_active", "Memory touched recently, as estimated"),
    "mem.consumed.average": ("memory_consumed", "Host memory in use"),
    "mem.vmmemctl.average": ("memory_ballooned", "Memory taken back by the balloon driver"),
    "mem.swapused.average": ("memory_swap_used", "Memory swapped out by the host"),
    "mem.swapinRate.average": ("memory_swap_in", "Memory swapped in by the host"),
    "mem.swapoutRate.average": ("memory_swap_out", "Memory swapped out by the host"),
    "mem.usage.average": ("memory_usage", "Share of the memory in use"),
    "disk.read.average": ("disk_read", "Read from all disks"),
    "disk.write.average": ("disk_written", "Written to all disks"),
    "disk.maxTotalLatency.latest": ("disk_latency", "Highest latency of all disks"),
    "disk.commandsAborted.summation": ("disk_commands_aborted", "Disk commands aborted, which means storage too slow"),
    "disk.kernelLatency.average": ("disk_kernel_latency", "Time a command spent in the VMkernel, worst disk"),
    "disk.deviceLatency.average": ("disk_device_latency", "Time a command took at the storage, worst disk"),
    "disk.queueLatency.average": ("disk_queue_latency", "Time a command waited in the queue, worst disk"),
    "disk.used.latest": ("used", "Space in use, as counted every five minutes"),
    "disk.provisioned.latest": ("provisioned", "Space promised to VMs"),
    "virtualDisk.numberReadAveraged.average": ("disk_reads", "Read operations of all virtual disks"),
    "virtualDisk.numberWriteAveraged.average": ("disk_writes", "Write operations of all virtual disks"),
    "virtualDisk.totalReadLatency.average": ("disk_read_latency", "Time a read took, worst virtual disk"),
    "virtualDisk.totalWriteLatency.average": ("disk_write_latency", "Time a write took, worst virtual disk"),
    "datastore.maxTotalLatency.latest": ("datastore_latency", "Highest latency of all datastores in use"),
    "datastore.read.average": ("read", "Read by all hosts"),
    "datastore.write.average": ("written", "Written by all hosts"),
    "datastore.numberReadAveraged.average": ("reads", "Read operations of all hosts"),
    "datastore.numberWriteAveraged.average": ("writes", "Write operations of all hosts"),
    "datastore.totalReadLatency.average": ("read_latency", "Time a read took"),
    "datastore.totalWriteLatency.average": ("write_latency", "Time a write took"),
    "net.bytesRx.average": ("network_receive", "Received over the network; a vSphere KB counted as 1,024 bytes"),
    "net.bytesTx.average": ("network_transmit", "Sent over the network; a vSphere KB counted as 1,024 bytes"),
    "net.packetsRx.summation": ("network_receive_packets", "Packets received"),
    "net.packetsTx.summation": ("network_transmit_packets", "Packets sent"),
    "net.droppedRx.summation": ("network_receive_dropped", "Received packets dropped"),
    "net.droppedTx.summation": ("network_transmit_dropped", "Packets to send dropped"),
    "net.errorsRx.summation": ("network_receive_errors", "Packets received with errors"),
    "net.errorsTx.summation": ("network_transmit_errors", "Packets not sent because of errors"),
    "power.power.average": ("power", "Electrical power drawn"),
    "power.energy.summation": ("energy", "Electrical energy used"),
    "sys.uptime.latest": ("power_uptime", "Time since the VM was powered on, as its host counts it"),
    "sys.osUptime.latest": ("guest_uptime", "Time since the guest's operating system booted"),
    "sys.heartbeat.summation": ("guest_heartbeats", "Heartbeats of VMware Tools"),
}
"""The words after the object, and the meaning."""


class MetricName(NamedTuple):
    """A counter as a metric. `peak` is the name of its highest sample of the last minute."""

    name: str
    peak: str
    help: str
    unit: Unit
    peak_unit: Unit


def metric_name(prefix: str, definition: CounterDefinition, *, device: bool = False) -> MetricName:
    """The metric of one counter of one kind of object.

    Args:
        prefix: Such as vsphere_vm.
        definition: As the vCenter has it.
        device: One series for each instance, which must not add up with the object's own.
    """
    group, name, _ = definition.name.split(".")
    words, meaning = WORDS.get(
        definition.name, (f"{_snake(group)}_{_snake(name)}", f"vSphere counter {definition.name}")
    )
    total = is_total(definition)
    unit = (TOTAL_UNITS if total else GAUGE_UNITS).get(definition.unit, Unit(_snake(definition.unit)))
    sample_unit = GAUGE_UNITS.get(definition.unit, unit)
    stem = f"{prefix}_device_{words}" if device else f"{prefix}_{words}"
    suffix = "" if not unit.suffix or stem.endswith(unit.suffix) else f"_{unit.suffix}"
    peak_suffix = f"_{sample_unit.suffix}" if sample_unit.suffix else ""
    return MetricName(
        name=f"{stem}{suffix}{'_total' if total else ''}",
        peak=f"{stem}_peak{peak_suffix}",
        help=meaning,
        unit=unit,
        peak_unit=sample_unit,
    )


def _snake(word: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", word).lower()
