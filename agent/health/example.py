"""Worked examples of a check: small worlds in which it must find its object, or must not."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from agent.health.look import Look
from agent.health.subjects import KINDS, VCENTER, Kind
from agent.model.about import About
from agent.model.event import Event
from agent.model.inventory import Inventory
from agent.model.world import CollectorStatus, Target

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
"""When every example takes place."""


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
        if kind is VCENTER:
            fields = dict(self.fields)
            about = About(
                api_type=fields.pop("api_type", "VirtualCenter"),
                version=fields.pop("version", None),
                build=fields.pop("build", None),
            )
            offset, expires = fields.pop("clock_offset_s", None), fields.pop("certificate_expires", None)
            licences, retention = fields.pop("licences", None), fields.pop("retention_days", None)
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
            ledger=replace(target.ledger, retention_days=retention),
            **(self.given.target or {}),
        )
        assert target.inventory is not None  # noqa: S101 - made four lines above
        return Look(
            now=NOON,
            target=target,
            inventory=target.inventory,
            events=self.given.events,
            events_since=self.given.events_since,
        )


def _by_slot(objects: list[Any]) -> dict[str, Any]:
    slots = {kind.record: kind.slot for kind in KINDS if kind.slot is not None}
    found: dict[str, Any] = {}
    for item in objects:
        found.setdefault(slots[type(item)], {})[item.moid] = item
    return found
