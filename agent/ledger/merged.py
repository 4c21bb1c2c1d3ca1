"""A merged ledger: the rows of several agents' ledgers of the same vCenter, each whole, in one file and one chain.

Of each row the values are those of its origin, but for the numbers of other rows that it refers to. Put back, the rows of an
origin give the very chain that its head was noted of; so a merged ledger proves itself and every ledger that it was made from.

A vCenter is there once for each origin (agent.ledger.merged_views reads them together).
"""

import json
import sqlite3
from collections.abc import Generator

from agent.dataclass import dataclass
from agent.ledger.chain import COLUMNS, NO_HASH, Row, digest, rows

_WITHOUT_VCENTER = frozenset({"vcenters", "purges", "origins"})
_BASE = COLUMNS["facts"].index("base")
_SHORT = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A ledger that was merged into this one."""

    head_seq: int
    head_hash: bytes
    members: frozenset[int]
    """the numbers here of its rows of vcenters and purges"""

    @property
    def label(self) -> str:
        """What evidence names it by: the begin of its head's hash, enough to tell ledgers apart."""
        return self.head_hash.hex()[:_SHORT]

    @property
    def head(self) -> str:
        """As `ledger verify` printed it when it was merged."""
        return f"{self.head_seq}:{self.head_hash.hex()}"


def origins(connection: sqlite3.Connection) -> tuple[Origin, ...]:
    """Of a merged ledger; none of one that an agent keeps."""
    found = connection.execute("SELECT head_seq, head_hash, members FROM main.origins ORDER BY seq").fetchall()
    return tuple(
        Origin(head_seq=seq, head_hash=bytes(hashed), members=frozenset(json.loads(members)))
        for seq, hashed, members in found
    )


def own_rows(connection: sqlite3.Connection, origin: Origin) -> Generator[Row, None, None]:
    """The rows of one origin as they stand in its own ledger, numbers and hashes included."""
    numbers: dict[int, int] = {}
    seq, reached = 0, NO_HASH
    for row in rows(connection):
        vcenter = None if row.table in _WITHOUT_VCENTER else row.values[0]
        if row.table == "origins" or (row.seq if vcenter is None else vcenter) not in origin.members:
            continue
        seq += 1
        values = renumbered(row, numbers)
        if is_referred_to(row):
            numbers[row.seq] = seq
        reached = digest(reached, row.table, seq, values, row.seal)
        yield row._replace(seq=seq, values=values, hash=reached)


def renumbered(row: Row, numbers: dict[int, int]) -> tuple[object, ...]:
    """The values of a row, with the rows that it refers to under other numbers."""
    if row.table in _WITHOUT_VCENTER:
        return row.values
    values = [*row.values]
    values[0] = numbers[values[0]]
    if row.table == "facts" and values[_BASE] is not None:
        values[_BASE] = numbers[values[_BASE]]
    return tuple(values)


def is_referred_to(row: Row) -> bool:
    """Whether other rows may name it: a vCenter, and what facts are based on."""
    return row.table == "vcenters" or (row.table == "facts" and row.values[_BASE] is None)


def problem_of(connection: sqlite3.Connection, origin: Origin) -> str | None:
    """What is wrong with an origin's rows; None if they give its head again."""
    last: Row | None = None
    for last in own_rows(connection, origin):  # noqa: B007 - only the last counts
        pass
    if last is None or (last.seq, last.hash) != (origin.head_seq, origin.head_hash):
        return f"its rows do not give the head {origin.head} again"
    return None


def vcenters_of(connection: sqlite3.Connection) -> dict[str, list[tuple[int, Origin]]]:
    """By instanceUuid, in the order of first sight: the numbers that a vCenter has here, each with its origin."""
    known = origins(connection)
    found: dict[str, list[tuple[int, Origin]]] = {}
    for seq, uuid in connection.execute("SELECT seq, uuid FROM main.vcenters ORDER BY seq"):
        found.setdefault(uuid, []).extend((seq, one) for one in known if seq in one.members)
    return found
