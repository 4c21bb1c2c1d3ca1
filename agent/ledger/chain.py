"""What makes the ledger tamper-evident: each row's hash covers its own content and the hash of the row before it.

`seq` counts the rows of all tables together, so a row that was taken out leaves a gap, and one that was changed, moved
or put in breaks its own hash or that of the next. Rows cut off at the end cannot be seen from the file alone: the head,
which `ledger verify` prints and every export ends with, is to be kept elsewhere.

What is personal of a row is not in its hash but in a seal that the hash covers: the SHA-256 of a random salt and of the
personal part. Both can be taken out later (agent.ledger.purge); the hash goes on proving all the rest of the row, and
without the salt nobody finds out by trying what stood there.
"""

import hashlib
import heapq
import json
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any, NamedTuple

from agent.dataclass import dataclass
from agent.ledger.database import LedgerUnavailable

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
    "fact_texts": ("vcenter", "kind", "object", "at", "learned"),
    "purges": ("purged_until", "row_count", "learned"),
    "origins": ("head_seq", "head_hash", "members", "learned"),
}
"""The tables of the chain, and what of a row is hashed, in this order. Part of the format: never changed, only added to."""

SEALED = ("events", "undecodable_events", "findings", "fact_texts")
"""The tables whose rows may have a part that is sealed: columns `private`, `salt` and `seal`, all without a value if not."""
_SALT_BYTES = 16


class Row(NamedTuple):
    """A row of any table: the values of its `COLUMNS`, and what is sealed of it."""

    seq: int
    table: str
    values: tuple[Any, ...]
    hash: bytes
    private: str | bytes | None
    salt: bytes | None
    seal: bytes | None

    @property
    def purged(self) -> bool:
        """Whether there was a personal part that was taken out."""
        return self.seal is not None and self.private is None and self.salt is None


_PARTS = ("private", "salt", "seal")
_INSERT = {
    table: f"INSERT INTO {table} (seq, {', '.join((*columns, 'hash', *_PARTS * (table in SEALED)))}) "  # noqa: S608 - names of our own, from the table above
    f"VALUES ({', '.join('?' * (len(columns) + 2 + len(_PARTS) * (table in SEALED)))})"
    for table, columns in COLUMNS.items()
}
_SELECT = {
    table: f"SELECT seq, {', '.join(columns)}, hash, {', '.join(_PARTS) if table in SEALED else 'NULL, NULL, NULL'} "  # noqa: S608 - names of our own, from the table above
    f"FROM main.{table} WHERE seq > ? ORDER BY seq LIMIT ?"
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

    def __init__(self, connection: sqlite3.Connection, salt: Callable[[int], bytes] = secrets.token_bytes) -> None:
        """Takes up the chain at its head. `salt` gives so many bytes that nobody can guess.

        Raises:
            LedgerUnavailable: it is a merged ledger.
        """
        if connection.execute("SELECT 1 FROM origins LIMIT 1").fetchone() is not None:
            raise LedgerUnavailable(
                "a merged ledger is there to be read: nothing is added to it",
                cure="let each agent keep its own state folder, with --storage.path",
            )
        self._connection, self._salt = connection, salt
        self.seq, self.hash = connection.execute("SELECT seq, hash FROM chain_head").fetchone()

    def add(self, table: str, *values: Any, private: str | bytes | None = None) -> int:
        """Append a row with these values of the table's `COLUMNS`; its number. `private` is what a purge may take out."""
        salt = None if private is None else self._salt(_SALT_BYTES)
        return self.add_sealed(table, values, private, salt, None if private is None else seal_of(salt, private))

    def add_sealed(
        self,
        table: str,
        values: tuple[Any, ...],
        private: str | bytes | None,
        salt: bytes | None,
        seal: bytes | None,
    ) -> int:
        """Append a row whose personal part was sealed elsewhere, or taken out since."""
        self.seq += 1
        self.hash = digest(self.hash, table, self.seq, values, seal)
        sealed = (private, salt, seal) if table in SEALED else ()
        self._connection.execute(_INSERT[table], (self.seq, *values, self.hash, *sealed))
        return int(self.seq)

    def seal(self) -> None:
        """Move the head to the last row added."""
        self._connection.execute("UPDATE chain_head SET seq = ?, hash = ?", (self.seq, self.hash))


def verify(connection: sqlite3.Connection, after: int = 0, at: bytes = NO_HASH, limit: int = -1) -> Checked:
    """Follow the chain from row `after`, whose hash is `at`, over at most `limit` rows (all if negative)."""
    seq, reached, walked = after, at, 0

    def broken(row: int, table: str | None, problem: str) -> Checked:
        found = Break(seq=row, table=table, problem=problem)
        return Checked(seq=seq, hash=reached, found=found, complete=True)

    for row in rows(connection, after=after, most=limit + 1 if limit >= 0 else -1):
        if walked == limit:
            return Checked(seq=seq, hash=reached, found=None, complete=False)
        if row.seq != seq + 1:
            missing = f"row {seq + 1} is missing" if row.seq > seq else f"row {row.seq} is there twice"
            return broken(min(seq + 1, row.seq), None, missing)
        if digest(reached, row.table, row.seq, row.values, row.seal) != row.hash:
            what = f"row {row.seq}, in {row.table}, is not as it was written, or the one before it was exchanged"
            return broken(row.seq, row.table, what)
        if not row.purged and row.seal is not None and seal_of(row.salt, row.private) != row.seal:
            return broken(
                row.seq, row.table, f"the personal part of row {row.seq}, in {row.table}, is not as it was written"
            )
        seq, reached, walked = row.seq, row.hash, walked + 1
    head_seq, head_hash = connection.execute("SELECT seq, hash FROM chain_head").fetchone()
    found = None
    if head_seq > seq:
        found = Break(seq=seq + 1, table=None, problem=f"row {seq + 1} is missing: the last is to be {head_seq}")
    elif (head_seq, head_hash) != (seq, reached):
        found = Break(seq=seq, table=None, problem=f"the head of the chain is not row {seq}, which is the last")
    return Checked(seq=seq, hash=reached, found=found or _taken_out(connection), complete=True)


def _taken_out(connection: sqlite3.Connection) -> Break | None:
    """Whether more personal parts are missing than purges were noted to take."""
    gone = [
        (table, *connection.execute(f"SELECT count(*), max(seq) FROM main.{table} WHERE private IS NULL AND seal IS NOT NULL").fetchone())  # noqa: S608 - a table of our own
        for table in SEALED
    ]  # fmt: skip
    (noted,) = connection.execute("SELECT coalesce(sum(row_count), 0) FROM purges").fetchone()
    count = sum(found for _, found, _ in gone)
    if count == noted:
        return None
    seq, table = max((last or 0, table) for table, _, last in gone)
    problem = f"{count} rows, up to row {seq}, in {table}, are without their personal part; purges took that of {noted}"
    return Break(seq=seq, table=table, problem=problem)


def rows(
    connection: sqlite3.Connection, tables: Iterable[str] = COLUMNS, after: int = 0, most: int = -1
) -> Iterator[Row]:
    """The rows of tables, in the order of the chain, from after row `after` on.

    At most `most` of each table; all if that is negative.
    """

    def of(table: str) -> Iterator[Row]:
        with closing(connection.execute(_SELECT[table], (after, most))) as found:
            for seq, *values, stored, private, salt, seal in found:
                yield Row(seq, table, tuple(values), stored, private, salt, seal)

    return heapq.merge(*(of(table) for table in tables), key=lambda row: row.seq)


def digest(before: bytes, table: str, seq: int, values: tuple[Any, ...], seal: bytes | None = None) -> bytes:
    """The hash of a row that follows one whose hash is `before`."""
    sealed = () if seal is None else (seal,)
    content = json.dumps([table, seq, *values, *sealed], ensure_ascii=False, separators=(",", ":"), default=bytes.hex)
    return hashlib.sha256(before + content.encode("utf-8", "surrogatepass")).digest()


def seal_of(salt: bytes | None, private: str | bytes | None) -> bytes:
    """What stands for the personal part of a row in its hash; one of which something is missing fits no seal."""
    content = private.encode("utf-8", "surrogatepass") if isinstance(private, str) else private
    return hashlib.sha256((salt or b"") + (content or b"")).digest()
