"""Worked examples of a check: small worlds in which it must find its object, or must not."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from agent.dataclass import dataclass
from agent.health.look import Look
from agent.health.measured import WINDOW, Measured, read_once
from agent.health.subjects import KINDS, VCENTER, Kind
from agent.model.about import About
from agent.model.builds import BuildTable, Release
from agent.model.counter_uses import DEFAULT_COUNTERS, is_total
from agent.model.event import Event
from agent.model.inventory import Inventory
from agent.model.performance import CounterDefinition, EntityPerformance, GaugeReading, Performance
from agent.model.world import CollectorStatus, Target

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
"""When every example takes place."""


BUILDS = BuildTable(
    dated=date(2026, 2, 24),
    releases={
        ("esxi", "24022510"): Release(name="ESXi 8.0 Update 3", released=date(2024, 6, 25)),
        ("esxi", "25205845"): Release(name="ESXi 8.0 Update 3i", released=date(2026, 2, 24)),
        ("esxi", "90000001"): Release(name="ESXi 8.0 of last week", released=date(2026, 11, 17)),
        ("vcenter", "24022515"): Release(name="vCenter 8.0 Update 3", released=date(2024, 6, 25)),
        ("vcenter", "25197330"): Release(name="vCenter 8.0 Update 3i", released=date(2026, 2, 24)),
        ("vcenter", "90000002"): Release(name="vCenter 8.0 of last week", released=date(2026, 11, 17)),
    },
    support_ends={
        (product, line): end
        for product in ("esxi", "vcenter")
        for line, end in (("7.0", date(2025, 10, 2)), ("8.0", date(2027, 10, 11)))
    },
)
"""The releases that exist in examples."""


def happened(kind: str, **fields: Any) -> Event:
    """An event of two hours before NOON."""
    return Event(**{"key": 1, "chain_id": 1, "kind": kind, "created": NOON - timedelta(hours=2), **fields})


def ago(**how_long: float) -> datetime:
    """A time before NOON."""
    return NOON - timedelta(**how_long)


def ahead(**how_long: float) -> datetime:
    """A time after NOON."""
    return NOON + timedelta(**how_long)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What an example has beside its objects; `None` for events: none were read."""

    events: tuple[Event, ...] | None = ()
    events_since: datetime = NOON - timedelta(days=30)
    inventory: Mapping[str, Any] | None = None
    """other fields of the inventory, such as custom_fields"""
    target: Mapping[str, Any] | None = None
    """other fields of the target, such as collectors"""
    free_space: Sequence[tuple[datetime, int]] = ()
    """of the example's datastore, by hour"""
    counters: Mapping[str, float] | None = None
    """the means of the object's performance counters, as Measured.mean has them"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One small world: an object of the check's kind with `fields`, and others beside it."""

    fields: Mapping[str, Any]
    shown: Mapping[str, Any]
    """those of the fields that matter to this check"""
    others: tuple[Any, ...]
    given: Given
    fires: bool

    def look(self, kind: Kind) -> Look:
        """The world of this example, for a check of that kind."""
        objects = list(self.others)
        about, offset, expires, licences, retention = About(api_type="VirtualCenter"), 0.0, None, None, None
        lag: float | None = None
        if kind is VCENTER:
            fields = dict(self.fields)
            about = About(
                api_type=fields.pop("api_type", "VirtualCenter"),
                version=fields.pop("version", None),
                build=fields.pop("build", None),
            )
            offset, expires = fields.pop("clock_offset_s", None), fields.pop("certificate_expires", None)
            licences, retention = fields.pop("licences", None), fields.pop("retention_days", None)
            lag = fields.pop("event_lag_s", None)
            if fields:
                raise ValueError(f"an example cannot give {', '.join(fields)}: see Given")
        else:
            named = {"moid": f"{kind.name}-1", "name": "example", **self.fields}
            objects.insert(0, kind.record(**named))
        inventory = Inventory(
            about=about,
            root_folder="group-d1",
            confirmed_at=NOON,
            quick_read_at=NOON,
            slow_read_at=NOON,
            licences=licences,
            **_by_slot(objects),
        )
        fresh = CollectorStatus(interval_s=30, runs=1, last_success=NOON)
        target = Target(
            name="example",
            address="vcenter.example",
            up=True,
            clock_offset_s=offset,
            certificate_expires=expires,
            collectors=dict.fromkeys(("inventory", "quick", "slow"), fresh),
        )
        target = replace(
            target,
            inventory=replace(inventory, **(self.given.inventory or {})),
            ledger=replace(target.ledger, retention_days=retention, event_lag_s=lag),
            **(self.given.target or {}),
        )
        assert target.inventory is not None  # noqa: S101 - made four lines above
        return Look(
            now=NOON,
            target=target,
            inventory=target.inventory,
            events=self.given.events,
            events_since=self.given.events_since,
            builds=BUILDS,
            free_space={f"{kind.name}-1": self.given.free_space},
            measured=None if self.given.counters is None else self._measured(kind, self.given.counters),
        )

    def _measured(self, kind: Kind, means: Mapping[str, float]) -> Measured:
        """Counters that add up as a quarter of an hour of such a mean, the others as a reading."""
        seconds = WINDOW.total_seconds()
        uses = {use.name: use for use in DEFAULT_COUNTERS.get(kind.name, ())}
        adds_up = {
            name
            for name, use in uses.items()
            if is_total(CounterDefinition(id=0, name=name, unit=use.unit, stats_type=use.stats_type))
        }
        entity = str(self.fields.get("instance_uuid") or self.fields.get("moid") or f"{kind.name}-1")
        if kind.name == "vm" and not self.fields.get("instance_uuid"):
            entity = f"moid:{entity}"
        found = EntityPerformance(
            totals={(name, ""): round(mean * seconds) for name, mean in means.items() if name in adds_up},
            gauges={
                (name, ""): GaugeReading(latest=round(mean), peak=round(mean), at_s=int(NOON.timestamp()))
                for name, mean in means.items()
                if name not in adds_up
            },
        )
        return read_once(Performance(entities={kind.name: {entity: found}}), NOON, seconds)


def _by_slot(objects: list[Any]) -> dict[str, Any]:
    slots = {kind.record: kind.slot for kind in KINDS if kind.slot is not None}
    found: dict[str, Any] = {}
    for item in objects:
        found.setdefault(slots[type(item)], {})[item.moid] = item
    return found
