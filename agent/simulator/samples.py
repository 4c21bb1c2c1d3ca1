"""The value of one performance sample. It follows from the estate's seed, the entity, the counter, the instance and the
moment alone, so that a sample asked for twice is the same; what depends on the estate follows its recorded history.
"""

import math
from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any
from zlib import crc32

from agent.dataclass import dataclass
from agent.simulator.counters import Counter, kind_of
from agent.simulator.devices import instances_of
from agent.simulator.objects import Entry, Estate

_MASK = (1 << 64) - 1
# Counters that say the same thing in different units rise and fall together.
_CPU_ACTIVITY = frozenset({"usage", "usagemhz", "used", "run", "demand", "utilization", "coreUtilization"})
# VMware Tools beats once a second.
_HEARTBEATS = 20
_MIB_KIB = 1024


def noise(seed: int, moment: int) -> float:
    """A number in [0, 1) that looks random and is the same for the same arguments (the finalizer of SplitMix64)."""
    mixed = (seed * 0x9E3779B97F4A7C15 + moment * 0xD1B54A32D192ED03) & _MASK
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
    return (mixed ^ (mixed >> 31)) / 2**64


@dataclass(frozen=True, slots=True)
class Subject:
    """An entity as counters see it: `clock` in MHz, `memory` in KiB, `devices` by counter group."""

    entry: Entry
    kind: str
    clock: float
    memory: float
    devices: dict[str, list[str]]


def subject_of(estate: Estate, entry: Entry) -> Subject | None:
    """The entity behind an object; None for a type without counters."""
    kind = kind_of(entry.type)
    if kind is None:
        return None
    clock, memory = 2600.0, 64 * 1024 * _MIB_KIB
    if kind == "V":
        cpus = entry.read("summary.config.numCpu") or 1
        clock, memory = 2600.0 * cpus, (entry.read("summary.config.memorySizeMB") or 1024) * _MIB_KIB
    elif kind == "H":
        hardware = entry.read("summary.hardware")
        if hardware is not None:
            clock, memory = float(hardware.cpuMhz * hardware.numCpuCores), hardware.memorySize // 1024
    elif kind == "C":
        clock, memory = float(entry.read("summary.totalCpu") or clock), (entry.read("summary.totalMemory") or 0) // 1024
    return Subject(entry, kind, clock, float(memory), instances_of(estate, entry, kind))


class Samples:
    """Answers what a counter read at a moment (seconds since the epoch, on the 20 s grid)."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        # By entity, family of counters and instance: the seed of its samples, and how busy the thing usually is.
        self._seeds: dict[tuple[str, str, str], tuple[int, float]] = {}
        self._special: dict[str, Callable[[Subject, int], int | None]] = {
            "sys.uptime.latest": self._uptime,
            "sys.osUptime.latest": self._guest_uptime,
            "sys.heartbeat.summation": self._heartbeat,
            "disk.capacity.latest": lambda one, at: self._kibibytes(one, at, "summary.capacity"),
            "disk.used.latest": self._space_used,
            "disk.provisioned.latest": self._space_provisioned,
            "disk.unshared.latest": self._space_used,
        }

    def exists(self, subject: Subject, at: int) -> bool:
        """Whether the entity was running and reachable at that moment: else there is no sample at all."""
        if subject.kind not in "VH":
            return True
        entry = subject.entry
        if past(entry, "runtime.connectionState", at) not in (None, "connected"):
            return False
        if past(entry, "runtime.powerState", at) not in (None, "poweredOn"):
            return False
        boot = past(entry, "runtime.bootTime", at)
        return boot is None or boot.timestamp() < at

    def instances(self, subject: Subject, counter: Counter) -> list[str]:
        """The instances a counter has on an entity; "" is the aggregate."""
        if subject.kind not in "VH" or counter.instances == "a":
            return [""]
        devices = subject.devices.get(counter.group, [])
        return [*devices, ""] if counter.instances == "b" and devices else devices or [""]

    def value(self, subject: Subject, counter: Counter, instance: str, at: int) -> int | None:
        """The sample of the 20 s that end at `at`; None when the estate cannot say."""
        override = self._estate.performance.get((subject.entry.moid, counter.name))
        if override is not None:
            return override(instance, at)
        special = self._special.get(counter.name)
        if special is not None:
            return special(subject, at)
        devices = subject.devices.get(counter.group, []) if counter.instances == "b" else []
        if instance == "" and devices:
            values = [self._generated(subject, counter, device, len(devices), at) for device in devices]
            return round(sum(values) / len(values)) if counter.unit == "percent" else sum(values)
        return self._generated(subject, counter, instance, max(1, len(devices)), at)

    def _generated(self, subject: Subject, counter: Counter, instance: str, devices: int, at: int) -> int:
        topic = counter.name.split(".")[1]
        family = "cpu activity" if counter.group == "cpu" and topic in _CPU_ACTIVITY else str(counter.id)
        moid = subject.entry.moid
        if counter.name == "power.energy.summation":
            family = "157"  # the energy of 20 s of power.power.average
        known = self._seeds.get((moid, family, instance))
        if known is None:
            seed = crc32(f"{self._estate.seed}/{moid}/{family}/{instance}".encode())
            known = self._seeds[moid, family, instance] = (seed, noise(seed, 0))
        seed, usual = known
        hour = at % 86400 / 3600
        daytime = (1 - math.cos((hour - 3) * math.pi / 12)) / 2
        share = 0.3 * usual + 0.3 * usual * daytime + 0.4 * noise(seed, at) ** 3
        value = counter.low + (counter.high - counter.low) * share
        if counter.scale == "mhz":
            return round(value * subject.clock / devices / 1000)
        if counter.scale == "mem":
            return round(value * subject.memory / 1000)
        return math.floor(value + 0.5)

    def _uptime(self, subject: Subject, at: int) -> int | None:
        boot = past(subject.entry, "runtime.bootTime", at)
        return None if boot is None else max(0, int(at - boot.timestamp()))

    def _guest_uptime(self, subject: Subject, at: int) -> int | None:
        """A guest restarts with the VM, and whenever `guest_boots` of the estate says."""
        up = self._uptime(subject, at)
        if up is None:
            return None
        boots = [one.timestamp() for one in self._estate.guest_boots.get(subject.entry.moid, [])]
        latest = max((one for one in boots if one <= at), default=0.0)
        return min(up, int(at - latest))

    def _heartbeat(self, subject: Subject, at: int) -> int:
        return _HEARTBEATS if past(subject.entry, "guestHeartbeatStatus", at) == "green" else 0

    @staticmethod
    def _kibibytes(subject: Subject, at: int, path: str) -> int | None:
        size = past(subject.entry, path, at)
        return None if size is None else int(size) // 1024

    def _space_used(self, subject: Subject, at: int) -> int | None:
        if subject.kind == "V":
            return self._kibibytes(subject, at, "summary.storage.committed")
        capacity = self._kibibytes(subject, at, "summary.capacity")
        free = self._kibibytes(subject, at, "summary.freeSpace")
        return None if capacity is None or free is None else capacity - free

    def _space_provisioned(self, subject: Subject, at: int) -> int | None:
        used = self._space_used(subject, at)
        path = "summary.storage.uncommitted" if subject.kind == "V" else "summary.uncommitted"
        return None if used is None else used + (self._kibibytes(subject, at, path) or 0)


def past(entry: Entry, path: str, at: int) -> Any:
    """What a property was at a moment, by the recorded history; its present value where none is recorded."""
    states = entry.history.get(path)
    if not states:
        try:
            return entry.read(path)
        except AttributeError:
            return None
    if len(states) == 1:
        return states[0][1]
    later = bisect_right(states, datetime.fromtimestamp(at, UTC), key=itemgetter(0))
    return states[max(0, later - 1)][1]
