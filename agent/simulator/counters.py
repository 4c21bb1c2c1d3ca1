"""The counter catalogue as typed values, and as the PerformanceManager properties that clients map names to ids by."""

from functools import cache
from typing import Any, Literal

from pyVmomi import vim

from agent.dataclass import dataclass
from agent.simulator.counter_table import TABLE

_GROUPS = {
    "cpu": "CPU",
    "mem": "Memory",
    "disk": "Disk",
    "net": "Network",
    "sys": "System",
    "power": "Power",
    "virtualDisk": "Virtual disk",
    "datastore": "Datastore",
    "storageAdapter": "Storage adapter",
    "clusterServices": "Cluster services",
    "vmop": "Virtual machine operations",
}
_UNITS = {
    "percent": "%",
    "megaHertz": "MHz",
    "millisecond": "ms",
    "microsecond": "µs",
    "kiloBytes": "KB",
    "megaBytes": "MB",
    "kiloBytesPerSecond": "KBps",
    "number": "num",
    "second": "s",
    "watt": "W",
    "joule": "J",
}
_ENTITIES: tuple[tuple[Any, str], ...] = (
    (vim.VirtualMachine, "V"),
    (vim.HostSystem, "H"),
    (vim.ResourcePool, "P"),
    (vim.ClusterComputeResource, "C"),
    (vim.Datastore, "D"),
    (vim.Datacenter, "N"),
)
REAL_TIME = 20
REAL_TIME_KINDS = "VHP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """One counter. `entities` are the letters of the table; `low` and `high` bound a generated value, in `scale`."""

    id: int
    name: str
    unit: str
    statistic: Literal["absolute", "delta", "rate"]
    level: int
    device_level: int
    entities: str
    instances: Literal["a", "i", "b"]
    scale: Literal["", "mem", "mhz"]
    low: int
    high: int
    label: str

    @property
    def group(self) -> str:
        """The first part of the name, e.g. cpu."""
        return self.name.partition(".")[0]

    @property
    def rollup(self) -> str:
        """The last part of the name, e.g. average."""
        return self.name.rpartition(".")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """How long samples of one length are kept: both in seconds."""

    seconds: int
    kept: int
    name: str
    level: int = 1


INTERVALS = (
    Interval(seconds=300, kept=86400, name="Past day"),
    Interval(seconds=1800, kept=604800, name="Past week"),
    Interval(seconds=7200, kept=2592000, name="Past month"),
    Interval(seconds=86400, kept=31536000, name="Past year"),
)


@cache
def counters() -> dict[int, Counter]:
    """Every counter by its id."""
    return {one.id: one for one in map(_parsed, TABLE.splitlines())}


def _parsed(line: str) -> Counter:
    number, name, unit, statistic, level, device_level, entities, instances, span, label = line.split(" ", 9)
    scale, _, bounds = span.rpartition(":")
    low, high = bounds.split("-")
    values: dict[str, Any] = {"statistic": statistic, "instances": instances, "scale": scale}
    return Counter(
        id=int(number),
        name=name,
        unit=unit,
        level=int(level),
        device_level=int(device_level),
        entities=entities,
        low=int(low),
        high=int(high),
        label=label,
        **values,
    )


def kind_of(type_: Any) -> str | None:
    """The table's letter for an entity type; None for one without counters."""
    return next((letter for one, letter in _ENTITIES if issubclass(type_, one)), None)


@cache
def of_kind(kind: str) -> tuple[Counter, ...]:
    """The counters of one kind of entity."""
    return tuple(one for one in counters().values() if kind in one.entities)


def counter_infos() -> list[vim.PerformanceManager.CounterInfo]:
    """PerformanceManager.perfCounter."""
    return [
        vim.PerformanceManager.CounterInfo(
            key=one.id,
            nameInfo=_described(one.name.split(".", 1)[1].rpartition(".")[0], one.label),
            groupInfo=_described(one.group, _GROUPS[one.group]),
            unitInfo=_described(one.unit, _UNITS[one.unit]),
            rollupType=one.rollup,
            statsType=one.statistic,
            level=one.level,
            perDeviceLevel=one.device_level,
        )
        for one in counters().values()
    ]


def historical_intervals() -> list[vim.HistoricalInterval]:
    """PerformanceManager.historicalInterval, with vCenter's default lengths."""
    return [
        vim.HistoricalInterval(
            key=number, samplingPeriod=one.seconds, name=one.name, length=one.kept, level=one.level, enabled=True
        )
        for number, one in enumerate(INTERVALS, start=1)
    ]


def _described(key: str, label: str) -> vim.ElementDescription:
    return vim.ElementDescription(key=key, label=label, summary=label)
