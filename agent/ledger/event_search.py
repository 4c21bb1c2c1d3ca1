"""Finding events in the ledger."""

import json
import sqlite3
from collections.abc import Collection, Iterator
from datetime import datetime

from agent.dataclass import dataclass
from agent.ledger.instants import micros
from agent.ledger.recorded import AUTHOR, EVENT_COLUMNS, event_of
from agent.model.evidence import RecordedEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which events; None, or nothing in a collection, does not restrict."""

    vms: Collection[str] | None = None
    """managed object ids"""
    host: str | None = None
    """name or managed object id"""
    kinds: Collection[str] = ()
    """type ids; `*` and `?` stand for any characters"""
    user: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    """just before this"""


def find_events(connection: sqlite3.Connection, vcenter: int, wanted: Wanted) -> Iterator[RecordedEvent]:
    """The events of one vCenter that are wanted, in the order of time."""
    conditions, values = ["vcenter = ?"], [vcenter]
    parameters: list[object] = [*values]

    def require(condition: str, *given: object) -> None:
        conditions.append(condition)
        parameters.extend(given)

    if wanted.vms is not None:
        require(f"vm IN ({', '.join('?' * len(wanted.vms))})", *wanted.vms)
    if wanted.host is not None:
        require("(host = ? OR host_name = ? COLLATE NOCASE)", wanted.host, wanted.host)
    if wanted.kinds:
        require(f"({' OR '.join(['kind GLOB ?'] * len(wanted.kinds))})", *wanted.kinds)
    if wanted.user is not None:
        require(f"{AUTHOR} = ? COLLATE NOCASE", wanted.user)
    if wanted.since is not None:
        require("created >= ?", micros(wanted.since))
    if wanted.until is not None:
        require("created < ?", micros(wanted.until))
    rows = connection.execute(
        f"SELECT {EVENT_COLUMNS} FROM events WHERE {' AND '.join(conditions)} ORDER BY created, key",  # noqa: S608 - conditions of our own, values are parameters
        parameters,
    )
    return map(event_of, rows)


def events_by_key(connection: sqlite3.Connection, vcenter: int, keys: Collection[int]) -> Iterator[RecordedEvent]:
    """The events of one vCenter that have these keys, in the order of time."""
    wanted = json.dumps([int(key) for key in keys])
    rows = connection.execute(
        f"SELECT {EVENT_COLUMNS} FROM events "  # noqa: S608 - columns of our own
        "WHERE vcenter = ? AND key IN (SELECT value FROM json_each(?)) ORDER BY created, key",
        (vcenter, wanted),
    )
    return map(event_of, rows)
