"""Reading the rows of all ledgers that were merged as if they were one's.

In a merged ledger a vCenter is there once for each ledger. Views stand before the tables, in which a number below zero means
all vCenters of one instanceUuid; an event that several have read is there once.
"""

import sqlite3

_TABLES = (
    *("events", "undecodable_events", "observations", "samples", "spans", "growing_spans", "retentions"),
    *("facts", "fact_texts", "hour_facts", "findings"),
)
"""All that tell of a vCenter."""
_PURGED = "{0}.private IS NULL AND {0}.seal IS NOT NULL"
_ONCE = {
    "events": f"(({_PURGED.format('other')}), other.seq) < (({_PURGED.format('one')}), one.seq) "
    "AND other.key = one.key AND other.created = one.created",
    "undecodable_events": "other.seq < one.seq AND other.identity = one.identity",
}
"""When another row tells the same, and is the one to read."""


def open_views(connection: sqlite3.Connection) -> None:
    """Let a connection to a merged ledger read all vCenters of one instanceUuid under one number."""
    connection.execute(
        "CREATE TEMP TABLE same_vcenters (number INTEGER, vcenter INTEGER, PRIMARY KEY (number, vcenter))"
    )
    numbers: dict[str, int] = {}
    for seq, uuid in connection.execute("SELECT seq, uuid FROM main.vcenters ORDER BY seq").fetchall():
        number = numbers.setdefault(uuid, -len(numbers) - 1)
        connection.executemany("INSERT INTO temp.same_vcenters VALUES (?, ?)", [(seq, seq), (number, seq)])
    for table in _TABLES:
        columns = [name for _, name, *_ in connection.execute(f"PRAGMA main.table_info({table})")]
        told = ", ".join("same.number AS vcenter" if name == "vcenter" else f"one.{name} AS {name}" for name in columns)
        once = (
            "WHERE NOT EXISTS (SELECT 1 FROM temp.same_vcenters also "  # noqa: S608 - names of our own
            f"CROSS JOIN main.{table} other ON other.vcenter = also.vcenter "
            f"WHERE also.number = same.number AND also.vcenter != same.vcenter AND {_ONCE[table]})"
            if table in _ONCE
            else ""
        )
        connection.execute(
            f"CREATE TEMP VIEW {table} AS SELECT {told} FROM temp.same_vcenters same "  # noqa: S608 - names of our own
            f"JOIN main.{table} one ON one.vcenter = same.vcenter {once}"
        )


def same_vcenters(connection: sqlite3.Connection, number: int) -> tuple[int, ...]:
    """The vCenters that a number below zero stands for; any other stands for itself."""
    if number >= 0:
        return (number,)
    found = connection.execute("SELECT vcenter FROM temp.same_vcenters WHERE number = ? ORDER BY vcenter", (number,))
    return tuple(vcenter for (vcenter,) in found)
