"""Following the ledger's events of some kinds, row by row, so that nothing is read twice."""

import sqlite3
from collections.abc import Collection
from datetime import datetime

from agent.ledger.instants import micros
from agent.ledger.recorded import EVENT_COLUMNS, event_of
from agent.model.event import Event


def events_after(
    connection: sqlite3.Connection, vcenter: int, kinds: Collection[str], seq: int, since: datetime
) -> tuple[int, list[Event]]:
    """The events written after row `seq` that are not older than `since`, and the row to go on from."""
    (newest,) = connection.execute(
        "SELECT coalesce(max(seq), 0) FROM events WHERE vcenter = ? AND seq > ?", (vcenter, seq)
    ).fetchone()
    if newest <= seq:
        return seq, []
    rows = connection.execute(
        f"SELECT {EVENT_COLUMNS} FROM events WHERE vcenter = ? AND seq > ? AND created >= ? "  # noqa: S608 - columns of our own, values are parameters
        f"AND kind IN ({', '.join('?' * len(kinds))})",
        (vcenter, seq, micros(since), *kinds),
    )
    return int(newest), [event_of(row).event for row in rows]
