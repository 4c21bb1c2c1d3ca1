"""What the ledger holds as the newest value of every watched property: what an observer compares with."""

import sqlite3
from datetime import datetime

from agent.model.evidence import GONE, PRESENT

TIMES = frozenset({"runtime.bootTime", "runtime.suspendTime"})
"""Paths whose values are times."""


def last_seen(connection: sqlite3.Connection, vcenter: int) -> dict[tuple[str, str], dict[str, str | datetime | None]]:
    """Values by path, of every object by kind and moid; an object that was gone has none."""
    rows = connection.execute(
        "SELECT kind, moid, path, value, max(seq) FROM observations WHERE vcenter = ? GROUP BY kind, moid, path",
        (vcenter,),
    )
    found: dict[tuple[str, str], dict[str, str | datetime | None]] = {}
    for kind, moid, path, value, _ in rows:
        time = path in TIMES and value is not None
        found.setdefault((kind, moid), {})[path] = datetime.fromisoformat(value) if time else value
    return {key: {} if values.get(PRESENT) == GONE else values for key, values in found.items()}
