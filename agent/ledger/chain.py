"""What makes the ledger tamper-evident: each row's hash covers its own content and the hash of the row before it.

`seq` counts the rows of all tables together, so a row that was taken out leaves a gap, and one that was changed, moved
or put in breaks its own hash or that of the next. Rows cut off at the end cannot be seen from the file alone: the head,
which `ledger verify` prints and every export ends with, is to be kept elsewhere.
"""

import hashlib
import heapq
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

NO_HASH = bytes(32)
"""What the first row is chained to."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "vcenters": ("uuid", "name", "learned"),
    "events": (
        "vcenter",
        "key",
        "created",
        "learned",
        "chain",
        "kind",
        "user",
        "message",
        "vm",
        "vm_name",
        "host",
        "host_name",
        "cluster",
        "datastore",
        "datastore_name",
        "datacenter",
        "fields",
    ),
    "undecodable_events": ("vcenter", "identity", "start", "end", "learned", "reason"),
    "observations": ("vcenter", "kind", "moid", "path", "value", "at", "learned", "pushed"),
    "samples": ("vcenter", "moid", "counter", "at", "interval_s", "value", "learned"),
    "spans": ("vcenter", "kind", "start", "end", "learned"),
    "facts": ("vcenter", "kind", "object", "at", "learned", "unchanged_until", "base", "content"),
    "hour_facts": ("vcenter", "hour", "learned", "content"),
    "findings": ("vcenter", "check_name", "kind", "object", "part", "name", "state", "message", "at", "learned"),
}
"""The tables of the chain, and what of a row is hashed, in this order. Part of the format: never changed, only added to."""

_INSERT = {
    table: f"INSERT INTO {table} (seq, {', '.join(columns)}, hash) VALUES ({', '.join('?' * (len(columns) + 2))})"  # noqa: S608 - names of our own, from the table above
    for table, columns in COLUMNS.items()
}
_SELECT = {
    table: f"SELECT seq, {', '.join(columns)}, hash FROM {table} WHERE seq > ? ORDER BY seq LIMIT ?"  # noqa: S608 - names of our own, from the table above
    for table, columns in COLUMNS.items()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """The first row at which the chain does not hold."""

    seq: int
    table: str | None
    """None for a row that is missing"""
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """How far the chain was followed: the number and hash of the last good row, and where it breaks, if it does."""

    seq: int
    hash: bytes
    found: Break | None
    complete: bool
    """the end was reached"""


class Appender:
    """Adds rows within one transaction; `seal` must be the last thing that is done in it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Takes up the chain at its head."""
        self._connection = connection
        self.seq, self.hash = connection.execute("SELECT seq, hash FROM chain_head").fetchone()

    def add(self, table: str, *values: Any) -> int:
        """Append a row with these values of the table's `COLUMNS`; its number."""
        self.seq += 1
        self.hash = _digest(self.hash, table, self.seq, values)
        self._connection.execute(_INSERT[table], (self.seq, *values, self.hash))
        return int(self.seq)

    def seal(self) -> None:
        """Move the head to the last row added."""
        self._connection.execute("UPDATE chain_head SET seq = ?, hash = ?", (self.seq, self.hash))


def verify(connection: sqlite3.Connection, after: int = 0, at: bytes = NO_HASH, limit: int = -1) -> Checked:
    """Follow the chain from row `after`, whose hash is `at`, over at most `limit` rows (all if negative)."""
    seq, digest, walked = after, at, 0
    for row_seq, table, values, stored in rows(connection, after=after, most=limit + 1 if limit >= 0 else -1):
        if walked == limit:
            return Checked(seq=seq, hash=digest, found=None, complete=False)
        if row_seq != seq + 1:
            missing = f"row {seq + 1} is missing" if row_seq > seq else f"row {row_seq} is there twice"
            return Checked(
                seq=seq, hash=digest, found=Break(seq=min(seq + 1, row_seq), table=None, problem=missing), complete=True
            )
        expected = _digest(digest, table, row_seq, values)
        if expected != stored:
            problem = f"row {row_seq}, in {table}, is not as it was written, or the one before it was exchanged"
            return Checked(seq=seq, hash=digest, found=Break(seq=row_seq, table=table, problem=problem), complete=True)
        seq, digest, walked = row_seq, stored, walked + 1
    head_seq, head_hash = connection.execute("SELECT seq, hash FROM chain_head").fetchone()
    found = None
    if head_seq > seq:
        found = Break(seq=seq + 1, table=None, problem=f"row {seq + 1} is missing: the last is to be {head_seq}")
    elif (head_seq, head_hash) != (seq, digest):
        found = Break(seq=seq, table=None, problem=f"the head of the chain is not row {seq}, which is the last")
    return Checked(seq=seq, hash=digest, found=found, complete=True)


def rows(
    connection: sqlite3.Connection, tables: Iterable[str] = COLUMNS, after: int = 0, most: int = -1
) -> Iterator[tuple[int, str, tuple[Any, ...], bytes]]:
    """Number, table, values and hash of the rows of tables, in the order of the chain, from after row `after` on.

    At most `most` of each table; all if that is negative.
    """

    def of(table: str) -> Iterator[tuple[int, str, tuple[Any, ...], bytes]]:
        with closing(connection.execute(_SELECT[table], (after, most))) as found:
            for seq, *values, stored in found:
                yield seq, table, tuple(values), stored

    return heapq.merge(*(of(table) for table in tables), key=lambda row: row[0])


def _digest(before: bytes, table: str, seq: int, values: tuple[Any, ...]) -> bytes:
    content = json.dumps([table, seq, *values], ensure_ascii=False, separators=(",", ":"), default=bytes.hex)
    return hashlib.sha256(before + content.encode("utf-8", "surrogatepass")).digest()
