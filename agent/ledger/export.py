"""The ledger's rows for others to keep, and to check without this program.

A row's hash is the SHA-256 of the hash of the row before it (32 zero bytes before the first), followed by the JSON text
of [table, seq, values...] in UTF-8, without blanks, in the order of the columns; bytes as hexadecimal digits. Times are
microseconds since 1970 UTC. A row with a `seal` has it as its last value: the SHA-256 of `salt` and `private`, where these
are still there.
"""

import csv
import json
import sqlite3
from collections.abc import Iterator
from typing import Any, TextIO

from agent.ledger.chain import COLUMNS, Row, rows
from agent.ledger.instants import instant

TABLES = tuple(COLUMNS)
_TIMES = frozenset({"created", "learned", "start", "end", "at", "unchanged_until", "hour"})


def json_lines(connection: sqlite3.Connection) -> Iterator[str]:
    """Every row of the chain, one JSON object a line, in the order in which they were written; last comes the head."""
    for row in rows(connection):
        named = dict(zip(COLUMNS[row.table], row.values, strict=True))
        seal = {} if row.seal is None else {"seal": row.seal}
        sealed = {} if row.private is None else {"salt": row.salt, "private": row.private}
        yield _line({"seq": row.seq, "table": row.table, **named, **seal, "hash": row.hash, **sealed})
    seq, stored = connection.execute("SELECT seq, hash FROM chain_head").fetchone()
    yield _line({"head": {"seq": seq, "hash": stored.hex()}})


def write_csv(connection: sqlite3.Connection, table: str, target: TextIO) -> int:
    """One table with a line of headings, times in ISO 8601; returns how many rows."""
    columns = COLUMNS[table]
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(("seq", *columns, "hash"))
    count = 0
    for row in rows(connection, (table,)):
        told = (_told(name, value) for name, value in _whole(row).items())
        writer.writerow((row.seq, *told, row.hash.hex()))
        count += 1
    return count


def hash_of(connection: sqlite3.Connection, seq: int) -> bytes | None:
    """What is stored as the hash of one row; None if there is no such row."""
    for table in COLUMNS:
        found = connection.execute(f"SELECT hash FROM {table} WHERE seq = ?", (seq,)).fetchone()  # noqa: S608 - a table of our own
        if found is not None:
            return bytes(found[0])
    return None


def _whole(row: Row) -> dict[str, Any]:
    """The values by name, as they were before what is personal was set apart."""
    named = dict(zip(COLUMNS[row.table], row.values, strict=True))
    if isinstance(row.private, str):
        personal = json.loads(row.private)
        if "fields" in personal:
            personal["fields"] = json.dumps({**json.loads(named["fields"]), **personal["fields"]}, ensure_ascii=False)
        named |= personal
    return named


def _told(name: str, value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    return instant(value).isoformat() if name in _TIMES and value is not None else value


def _line(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=bytes.hex)
