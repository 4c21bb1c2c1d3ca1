"""The ledger's rows for others to keep, and to check without this program.

A row's hash is the SHA-256 of the hash of the row before it (32 zero bytes before the first), followed by the JSON text
of [table, seq, values...] in UTF-8, without blanks, in the order of the columns; bytes as hexadecimal digits. Times are
microseconds since 1970 UTC.
"""

import csv
import json
import sqlite3
from collections.abc import Iterator
from typing import Any, TextIO

from agent.ledger.chain import COLUMNS, rows
from agent.ledger.instants import instant

TABLES = tuple(COLUMNS)
_TIMES = frozenset({"created", "learned", "start", "end", "at", "unchanged_until", "hour"})


def json_lines(connection: sqlite3.Connection) -> Iterator[str]:
    """Every row of the chain, one JSON object a line, in the order in which they were written; last comes the head."""
    for seq, table, values, stored in rows(connection):
        named = dict(zip(COLUMNS[table], values, strict=True))
        yield _line({"seq": seq, "table": table, **named, "hash": stored.hex()})
    seq, stored = connection.execute("SELECT seq, hash FROM chain_head").fetchone()
    yield _line({"head": {"seq": seq, "hash": stored.hex()}})


def write_csv(connection: sqlite3.Connection, table: str, target: TextIO) -> int:
    """One table with a line of headings, times in ISO 8601; returns how many rows."""
    columns = COLUMNS[table]
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(("seq", *columns, "hash"))
    count = 0
    for seq, _, values, stored in rows(connection, (table,)):
        told = (_told(name, value) for name, value in zip(columns, values, strict=True))
        writer.writerow((seq, *told, stored.hex()))
        count += 1
    return count


def hash_of(connection: sqlite3.Connection, seq: int) -> bytes | None:
    """What is stored as the hash of one row; None if there is no such row."""
    for table in COLUMNS:
        found = connection.execute(f"SELECT hash FROM {table} WHERE seq = ?", (seq,)).fetchone()  # noqa: S608 - a table of our own
        if found is not None:
            return bytes(found[0])
    return None


def _told(name: str, value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    return instant(value).isoformat() if name in _TIMES and value is not None else value


def _line(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=bytes.hex)
