"""How much space datastores had in the hours that the ledger has seen."""

import json
import sqlite3
import zlib
from datetime import datetime

from agent.ledger.instants import instant, micros


def free_space_after(
    connection: sqlite3.Connection, vcenter: int, seq: int, since: datetime
) -> tuple[int, list[tuple[str, datetime, int]]]:
    """The least free bytes of each datastore in the hours written after row `seq`, and the row to go on from.

    An hour that was written in parts is there in parts.
    """
    rows = connection.execute(
        "SELECT seq, hour, content FROM hour_facts WHERE vcenter = ? AND seq > ? AND hour >= ? ORDER BY seq",
        (vcenter, seq, micros(since)),
    )
    found = []
    for number, hour, content in rows:
        seq = max(seq, number)
        datastores = json.loads(zlib.decompress(content))["datastores"]
        found += [(moid, instant(hour), free) for moid, (free, _) in datastores.items() if free is not None]
    return seq, found
