"""Events as vCenter posted them: `EventManager`. The raw material of every claim about downtime."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from agent.dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event, whole. `kind` is the event's class, or for EventEx and ExtendedEvent its eventTypeId.

    `key` is unique within a vCenter's database; a vCenter restored from a backup may use keys again, which is why
    `created` belongs to an event's identity too.
    """

    key: int
    chain_id: int
    kind: str
    created: datetime
    """vCenter's clock, UTC"""
    user: str | None = None
    message: str | None = None
    vm: str | None = None
    vm_name: str | None = None
    host: str | None = None
    host_name: str | None = None
    cluster: str | None = None
    datastore: str | None = None
    datastore_name: str | None = None
    datacenter: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    """every other field, flattened: `info.descriptionId`, `arguments.reason`, …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class UndecodableEvent:
    """An event that is there and cannot be read: known is only when it was posted, to the second or better."""

    identity: str
    """the same each time it is met: its second and position in it, or the digest of what was sent"""
    start: datetime
    end: datetime
    reason: str
