"""Taking out of the ledger what is personal of times long past. The chain holds, and what proves stays (docs/ledger.md).

What goes are the sealed parts (agent.ledger.private_parts): of events from before the date; of findings that were over, and of
what objects were like that had changed or gone by then. What still holds is of today, however long ago it was written.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from agent.dataclass import dataclass
from agent.ledger.chain import SEALED, Appender
from agent.ledger.database import Database
from agent.ledger.instants import instant, micros

_ROWS_A_TRANSACTION = 2_000
"""Others who write wait for so long only."""

_DUE: Mapping[str, str] = {
    "events": "SELECT seq FROM events WHERE created < ?1 AND private IS NOT NULL",
    "undecodable_events": "SELECT seq FROM undecodable_events WHERE end <= ?1 AND private IS NOT NULL",
    "findings": """
        WITH over AS (SELECT vcenter, check_name, object, part, max(seq) AS last FROM findings
            WHERE state = 'gone' AND at < ?1 GROUP BY vcenter, check_name, object, part)
        SELECT f.seq FROM findings f JOIN over USING (vcenter, check_name, object, part)
            WHERE f.seq <= over.last AND f.private IS NOT NULL
    """,
    "fact_texts": """
        WITH held AS (SELECT vcenter, kind, object, max(seq) AS last FROM fact_texts
            WHERE at < ?1 GROUP BY vcenter, kind, object),
        gone AS (SELECT vcenter, kind, object, max(seq) AS last FROM facts
            WHERE content IS NULL AND at < ?1 GROUP BY vcenter, kind, object)
        SELECT t.seq FROM fact_texts t JOIN held USING (vcenter, kind, object) LEFT JOIN gone USING (vcenter, kind, object)
            WHERE (t.seq < held.last OR t.seq < gone.last) AND t.private IS NOT NULL
    """,
}
_OLDER_FORM = """
    SELECT (SELECT count(*) FROM events WHERE seal IS NULL AND created < ?1 AND (message IS NOT NULL OR fields != '{}'))
    + (SELECT count(*) FROM findings WHERE seal IS NULL AND at < ?1 AND message != '')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What a purge would take out: the rows of each table, and how many were written before there were seals."""

    rows: Mapping[str, tuple[int, ...]]
    unsealed: int
    """their texts are in the hash itself and cannot be taken out"""

    @property
    def count(self) -> int:
        """Of all tables."""
        return sum(map(len, self.rows.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """All purges of a ledger together."""

    until: datetime
    """what is from then on is whole"""
    rows: int
    last_at: datetime
    """on the clock of who did it"""


def due(connection: sqlite3.Connection, until: datetime) -> Due:
    """What is personal of before `until`, as far as it no longer holds."""
    return Due(
        rows={table: tuple(seq for (seq,) in connection.execute(_DUE[table], (micros(until),))) for table in SEALED},
        unsealed=int(connection.execute(_OLDER_FORM, (micros(until),)).fetchone()[0]),
    )


def purge(database: Database, found: Due, until: datetime, at: datetime) -> Iterator[int]:
    """Take it out, some rows a transaction; yields how many are done. Each piece is noted in the chain with its rows.

    Args:
        database: The ledger.
        found: What `due` found in it.
        until: As it was given there.
        at: The clock of who does it.

    Raises:
        LedgerUnavailable: what was yielded is done, the rest is not.
    """
    done = 0
    for table, seqs in found.rows.items():
        for some in _some(seqs):
            with database.transaction() as connection:
                # what is overwritten is to be gone from the file too
                connection.execute("PRAGMA secure_delete = ON")
                changed = sum(
                    connection.execute(
                        f"UPDATE {table} SET private = NULL, salt = NULL WHERE seq = ? AND private IS NOT NULL",  # noqa: S608 - a table of our own
                        (seq,),
                    ).rowcount
                    for seq in some
                )
                if changed:  # else somebody else has done it meanwhile
                    chain = Appender(connection)
                    chain.add("purges", micros(until), changed, micros(at))
                    chain.seal()
            done += changed
            yield done
    if done:
        database.flush()


def purged(connection: sqlite3.Connection) -> Purged | None:
    """What was taken out up to now; None if nothing was."""
    until, count, last = connection.execute(
        "SELECT max(purged_until), sum(row_count), max(learned) FROM purges"
    ).fetchone()
    return None if until is None else Purged(until=instant(until), rows=count, last_at=instant(last))


def _some(seqs: Sequence[int]) -> Iterator[Sequence[int]]:
    return (seqs[first : first + _ROWS_A_TRANSACTION] for first in range(0, len(seqs), _ROWS_A_TRANSACTION))
