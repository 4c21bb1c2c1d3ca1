"""The ledger as it stood when a certain row was the last: what was written later is not seen.

A report must come out the same when it is made again, though the ledger has grown since: rows about its month may have been
learned later. Rows are only ever added, so those up to a number are what there was. Views of the tables' names stand before
the tables for as long as the block lasts, so that everything that reads is none the wiser. What is not in the chain, spans
that still grow and vCenter's retention, is left out.
"""

import contextlib
import sqlite3
from collections.abc import Iterator

from agent.ledger.chain import COLUMNS
from agent.ledger.database import Database
from agent.ledger.export import hash_of

_UNCHAINED = ("growing_spans", "retentions")


def head(connection: sqlite3.Connection) -> tuple[int, bytes]:
    """Number and hash of the last row."""
    seq, digest = connection.execute("SELECT seq, hash FROM main.chain_head").fetchone()
    return int(seq), bytes(digest)


@contextlib.contextmanager
def reading_as_of(database: Database, seq: int) -> Iterator[tuple[sqlite3.Connection, bytes | None]]:
    """A reading transaction in which only the rows up to `seq` are there, and that row's hash; None: it is missing.

    Raises:
        LedgerUnavailable: the database cannot be read.
    """
    with database.reading() as connection:
        names = (*COLUMNS, *_UNCHAINED)
        for table in COLUMNS:
            connection.execute(f"CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} WHERE seq <= {int(seq)}")  # noqa: S608 - names of our own, and a number
        for table in _UNCHAINED:
            connection.execute(f"CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} WHERE 0")  # noqa: S608 - names of our own
        try:
            yield connection, hash_of(connection, seq)
        finally:
            for table in names:
                connection.execute(f"DROP VIEW temp.{table}")
