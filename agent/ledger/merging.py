"""Making one ledger of several that agents kept of the same vCenter, such as those of a pair that stand in for each other.

Every row of each goes in, in the order in which they were learned. The same ledgers give the same file whatever their order; one
that is given twice, or whose rows another has too because it is a later copy, counts once.
"""

import heapq
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from agent.dataclass import dataclass
from agent.errors import AgentError
from agent.ledger.chain import COLUMNS, Appender, Row, rows
from agent.ledger.database import Database, LedgerUnavailable
from agent.ledger.export import hash_of
from agent.ledger.merged import Origin, is_referred_to, origins, own_rows, renumbered

_ROWS_A_TRANSACTION = 50_000
_UNFINISHED = ".unfinished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A ledger that goes in: one that an agent kept, or an origin of one that was merged before."""

    connection: sqlite3.Connection
    origin: Origin
    file: Path
    whole: bool
    """the file is this ledger and nothing else"""

    def rows(self) -> Iterator[Row]:
        """As its agent wrote them."""
        return rows(self.connection) if self.whole else own_rows(self.connection, self.origin)

    def hash_at(self, seq: int) -> bytes | None:
        """The hash of one of its rows."""
        if self.whole:
            return hash_of(self.connection, seq)
        with closing(own_rows(self.connection, self.origin)) as found:
            return next((row.hash for row in found if row.seq == seq), None)

    def uuids(self) -> frozenset[str]:
        """The instanceUuids of its vCenters."""
        found = self.connection.execute("SELECT seq, uuid FROM main.vcenters")
        return frozenset(uuid for seq, uuid in found if self.whole or seq in self.origin.members)

    def unchained(self) -> Mapping[str, list[tuple[Any, ...]]]:
        """Rows of the tables outside the chain, the vCenter's number within this ledger first."""
        numbers = dict(self._vcenters())
        return {
            table: [
                (numbers[vcenter], *rest)
                for vcenter, *rest in self.connection.execute(f"SELECT * FROM main.{table} ORDER BY 1, 2")  # noqa: S608 - a table of our own
                if vcenter in numbers
            ]
            for table in ("growing_spans", "retentions")
        }

    def _vcenters(self) -> Iterator[tuple[int, int]]:
        """The number of each vCenter in the file, and in this ledger."""
        if self.whole:
            yield from ((seq, seq) for (seq,) in self.connection.execute("SELECT seq FROM main.vcenters"))
            return
        here = (seq for (seq,) in self.connection.execute("SELECT seq FROM main.vcenters ORDER BY seq"))
        own = (row.seq for row in self.rows() if row.table == "vcenters")
        yield from zip((seq for seq in here if seq in self.origin.members), own, strict=True)


def sources(connection: sqlite3.Connection, file: Path) -> tuple[Source, ...]:
    """What a file holds."""
    known = origins(connection)
    if known:
        return tuple(Source(connection=connection, origin=one, file=file, whole=False) for one in known)
    seq, hashed = connection.execute("SELECT seq, hash FROM main.chain_head").fetchone()
    head = Origin(head_seq=seq, head_hash=bytes(hashed), members=frozenset())
    return (Source(connection=connection, origin=head, file=file, whole=True),)


def distinct(given: Sequence[Source]) -> tuple[Source, ...]:
    """Each ledger once, as far as it goes, in an order that is the same whichever was given first.

    Raises:
        AgentError: they have no vCenter in common, or are empty.
    """
    for one in given:
        if not one.uuids():
            raise AgentError(f"{one.file}: the ledger is empty", cure="merge it once its agent has read a vCenter")
    kept: list[Source] = []
    for one in sorted(given, key=lambda one: (-one.origin.head_seq, one.origin.head_hash, _growth(one)), reverse=False):
        if not any(other.hash_at(one.origin.head_seq) == one.origin.head_hash for other in kept):
            kept.append(one)
    kept.sort(key=lambda one: one.origin.head_hash)
    for one in kept[1:]:
        if not one.uuids() & kept[0].uuids():
            raise AgentError(
                f"{one.file} and {kept[0].file} have no vCenter in common (by instanceUuid)",
                cure="only ledgers of the same vCenter can be merged",
            )
    return tuple(kept)


def merge(found: Sequence[Source], target: Path) -> Iterator[int]:
    """Write them into a new file; yields how many rows are written. It stands under its name only once it is whole.

    Raises:
        LedgerUnavailable: the file exists, or cannot be written.
    """
    if target.exists():
        raise LedgerUnavailable(f"{target} exists already", cure="give the merged ledger a new name")
    unfinished = target.with_name(target.name + _UNFINISHED)
    unfinished.unlink(missing_ok=True)
    with ExitStack() as undone:
        undone.callback(unfinished.unlink, missing_ok=True)
        with closing(Database(unfinished)) as database:
            yield from _write(database, found)
        unfinished.rename(target)


class _Told(NamedTuple):
    at: int
    """when it was learned, on its agent's clock, or the latest time before if that clock was set back"""
    place: int
    row: Row


def _in_order(place: int, source: Source) -> Iterator[_Told]:
    at = 0
    for row in source.rows():
        at = max(at, row.values[COLUMNS[row.table].index("learned")])
        yield _Told(at, place, row)


def _write(database: Database, found: Sequence[Source]) -> Iterator[int]:
    with database.transaction() as connection:
        # a vCenter is there once for each origin
        connection.execute("DROP TABLE vcenters")
        connection.execute(
            "CREATE TABLE vcenters (seq INTEGER PRIMARY KEY, uuid TEXT NOT NULL, name TEXT NOT NULL, "
            "learned INTEGER NOT NULL, hash BLOB NOT NULL) STRICT"
        )
    numbers: list[dict[int, int]] = [{} for _ in found]
    members: list[list[int]] = [[] for _ in found]
    learned = done = 0
    told = heapq.merge(*(_in_order(*one) for one in enumerate(found)), key=lambda one: one[:2])
    while some := list(islice(told, _ROWS_A_TRANSACTION)):
        with database.transaction() as connection:
            chain = Appender(connection)
            for at, place, row in some:
                values = renumbered(row, numbers[place])
                seq = chain.add_sealed(row.table, values, row.private, row.salt, row.seal)
                if is_referred_to(row):
                    numbers[place][row.seq] = seq
                if row.table in {"vcenters", "purges"}:
                    members[place].append(seq)
                learned = max(learned, at)
            chain.seal()
        done += len(some)
        yield done
    with database.transaction() as connection:
        for source, own in zip(found, numbers, strict=True):
            for table, outside in source.unchained().items():
                for vcenter, *rest in outside:
                    marks = ", ".join("?" * (len(rest) + 1))
                    connection.execute(f"INSERT INTO {table} VALUES ({marks})", (own[vcenter], *rest))  # noqa: S608 - a table of our own
        chain = Appender(connection)
        for source, own_members in zip(found, members, strict=True):
            head = source.origin
            chain.add("origins", head.head_seq, head.head_hash, json.dumps(own_members), learned)
        chain.seal()


def _growth(source: Source) -> tuple[int, ...]:
    """Of two copies with the same rows the one whose spans have grown further comes first."""
    return tuple(-learned for *_, learned in source.unchained()["growing_spans"])
