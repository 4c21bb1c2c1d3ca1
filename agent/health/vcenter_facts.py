"""What is known of a vCenter itself and of how we stand with it, in the shape of any other object of the model."""

from datetime import datetime
from typing import ClassVar

from agent.dataclass import dataclass
from agent.model.event import Event
from agent.model.licence import Licence
from agent.model.property import Pace, prop
from agent.model.world import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class VCenter:
    """One vCenter, or a standalone host; the sources are words of their own, for these are no properties of one object."""

    vsphere_type: ClassVar[str] = ""
    moid: str

    name: str | None = None
    api_type: str | None = prop("ServiceContent.about.apiType")
    version: str | None = prop("ServiceContent.about.version")
    build: str | None = prop("ServiceContent.about.build")
    clock_offset_s: float | None = prop("ServiceInstance.CurrentTime")
    certificate_expires: datetime | None = prop("TLS certificate.notAfter")
    licences: tuple[Licence, ...] | None = prop("LicenseManager.licenses", Pace.SLOW)
    events: tuple[Event, ...] | None = prop("EventManager")
    """those that were read, oldest first; None before any were"""
    events_since: datetime | None = prop("EventManager.coveredSince")
    """from when on all were read, vCenter's clock"""
    retention_days: int | None = prop("OptionManager.event.maxAge")
    event_lag_s: float | None = prop("the ledger's event lag")
    """how far the events that were read are behind vCenter's clock"""
    refused: tuple[str, ...] | None = prop("PropertyCollector missingSet")
    """the privileges that were missing for a property of an object, one for each property and object"""
    not_understood: tuple[str, ...] | None = prop("properties that cannot be decoded")
    late: tuple[str, ...] | None = prop("the agent's collectors")
    """collectors that have read nothing for three intervals"""


def facts_of(target: Target, now: datetime, events: tuple[Event, ...] | None, events_since: datetime | None) -> VCenter:
    """The vCenter that a target is; its inventory must have been read."""
    inventory = target.inventory
    about = inventory.about if inventory else None
    return VCenter(
        moid=inventory.root_folder if inventory else "",
        name=target.name,
        api_type=about.api_type if about else None,
        version=about.version if about else None,
        build=about.build if about else None,
        clock_offset_s=target.clock_offset_s,
        certificate_expires=target.certificate_expires,
        licences=inventory.licences if inventory else None,
        events=events,
        events_since=events_since,
        retention_days=target.ledger.retention_days,
        event_lag_s=target.ledger.event_lag_s,
        refused=None if inventory is None else tuple(one.privilege or one.fault for one in inventory.unreadable),
        not_understood=None
        if inventory is None
        else tuple(f"{one.vsphere_type}.{one.path}" for one in inventory.skipped),
        late=tuple(sorted(name for name, status in target.collectors.items() if status.stale(now))),
    )
