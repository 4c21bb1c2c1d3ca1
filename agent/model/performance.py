"""Performance counters: what vCenter calls them, and the grid that their samples lie on."""

from collections.abc import Mapping
from dataclasses import field
from enum import Enum
from typing import NamedTuple

from agent.dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterDefinition:
    """One counter of one vCenter; `id` differs from vCenter to vCenter, `name` is group.name.rollup."""

    id: int
    name: str
    unit: str
    """percent, millisecond, kiloBytes, kiloBytesPerSecond, megaHertz, number, joule, watt, second, …"""
    stats_type: str
    """delta: of the interval; rate: per second; absolute: at the end of the interval."""


class Combine(Enum):
    """How several instances (disks, NICs) make one figure for their object."""

    SUM = "sum"
    MAX = "max"


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterUse:
    """One counter that is read.

    `instance` is empty for vCenter's own aggregate, or `*` where vCenter has none: then the instances are combined.
    `peak` asks for the highest single sample of the last minute beside the figure itself. `unit` and `stats_type` are
    what vSphere has for the counter; the vCenter's own word goes before it. `newest` keeps the newest sample of what
    adds up, beside the total; what is not `counted` has no total and no metric of its own.
    """

    name: str
    unit: str
    stats_type: str
    instance: str = ""
    combine: Combine = Combine.SUM
    peak: bool = False
    newest: bool = False
    counted: bool = True


REAL_TIME_INTERVAL_S = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleGrid:
    """Samples of one kind of object: one per interval, at whole multiples of it on vCenter's clock. Seconds.

    A sample may come late by `lookback_s`; vCenter keeps samples for `horizon_s`, so after an outage of that length
    nothing is lost.
    """

    interval_s: int
    lookback_s: int
    horizon_s: int

    @property
    def width(self) -> int:
        """Slots within the horizon."""
        return self.horizon_s // self.interval_s

    @property
    def real_time(self) -> bool:
        """Whether the hosts measure it; otherwise it is a roll-up of vCenter's, limited in how much may be asked."""
        return self.interval_s == REAL_TIME_INTERVAL_S

    def slot(self, timestamp_s: int) -> int:
        """The slot a sample belongs to."""
        return timestamp_s // self.interval_s


class GaugeReading(NamedTuple):
    """An absolute counter's newest sample, and the highest of the last minute; raw units."""

    latest: int
    peak: int
    at_s: int
    """time of the newest sample, epoch seconds on vCenter's clock"""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityPerformance:
    """What one object's counters stand at. Keys are counter name and instance; totals in raw unit x seconds or raw unit.

    `peaks` holds, for totals where a peak matters, the highest single sample of the last minute. `gauges` holds the
    newest sample of what does not add up, and of totals whose use asks for it.
    """

    totals: Mapping[tuple[str, str], int] = field(default_factory=dict)
    gauges: Mapping[tuple[str, str], GaugeReading] = field(default_factory=dict)
    peaks: Mapping[tuple[str, str], int] = field(default_factory=dict)
    lost_s: int = 0
    """seconds of samples that vCenter no longer had when we could ask again"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """All counters of one vCenter: by kind of object (vm, host, …), then by the object's stable id."""

    definitions: Mapping[str, CounterDefinition] = field(default_factory=dict)
    """of the counters that are read, by name, as this vCenter has them"""
    uses: Mapping[str, tuple[CounterUse, ...]] = field(default_factory=dict)
    """by kind, what is asked for"""
    instances: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """by kind, the counter groups that are asked for by instance"""
    entities: Mapping[str, Mapping[str, EntityPerformance]] = field(default_factory=dict)
    newest_sample_s: Mapping[str, int] = field(default_factory=dict)
    """by kind, epoch seconds on vCenter's clock"""
