"""Which events are read, and which are still to be read."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta

from agent.ledger.instants import instant, micros
from agent.ledger.spans import united, without
from agent.ledger.store import COVERED
from agent.model.evidence import Span

OVERLAP = timedelta(minutes=10)
"""Events may be posted so late; what was read before a gap is read again by so much."""
_NEIGHBOURS = 1000
"""Keys grow with time but for events that came late: among so many neighbours most did not."""


def covered(connection: sqlite3.Connection, vcenter: int, since: datetime) -> tuple[Span, ...]:
    """The stretches whose events were read, from `since` on."""
    rows = connection.execute(
        "SELECT start, end FROM spans WHERE vcenter = ?1 AND kind = ?2 AND end >= ?3 "
        "UNION ALL SELECT start, end FROM growing_spans WHERE vcenter = ?1 AND kind = ?2 AND end >= ?3",
        (vcenter, COVERED, micros(since)),
    )
    return united(Span(start=instant(start), end=instant(end)) for start, end in rows)


def unread(read: Iterable[Span], start: datetime, end: datetime) -> list[Span]:
    """What of [start, end) was never read, or not again after late events could have come."""
    stretches = united(read)
    settled = united(Span(start=one.start, end=one.end if one.end >= end else one.end - OVERLAP) for one in stretches)
    return without(Span(start=start, end=end), settled) if start < end else []


def first_key_from(connection: sqlite3.Connection, vcenter: int, begin: datetime) -> int | None:
    """The lowest key of the events that follow `begin`; None if there are none."""
    row = connection.execute(
        "SELECT min(key) FROM (SELECT key FROM events WHERE vcenter = ?1 AND created >= ?2 ORDER BY created LIMIT ?3)",
        (vcenter, micros(begin), _NEIGHBOURS),
    ).fetchone()
    return None if row[0] is None else int(row[0])


def last_key_before(connection: sqlite3.Connection, vcenter: int, begin: datetime) -> int | None:
    """The highest key of the events before `begin` that have lower keys than all that follow; None if there are none."""
    row = connection.execute(
        "SELECT max(key) FROM (SELECT key FROM events WHERE vcenter = ?1 AND created < ?2 ORDER BY created DESC "
        "LIMIT ?3) WHERE ?4 IS NULL OR key < ?4",
        (vcenter, micros(begin), _NEIGHBOURS, first_key_from(connection, vcenter, begin)),
    ).fetchone()
    return None if row[0] is None else int(row[0])


def event_counts(connection: sqlite3.Connection, vcenter: int) -> tuple[dict[str, int], int]:
    """Events in the ledger by kind, and how many could not be read."""
    kinds = dict(
        connection.execute("SELECT kind, count(*) FROM events WHERE vcenter = ? GROUP BY kind", (vcenter,)).fetchall()
    )
    row = connection.execute("SELECT count(*) FROM undecodable_events WHERE vcenter = ?", (vcenter,)).fetchone()
    return kinds, int(row[0])
