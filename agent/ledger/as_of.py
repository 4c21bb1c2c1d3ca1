"""The ledger as it stood when a certain row was the last: what was written later is not seen.

A report must come out the same when it is made again, though the ledger has grown since: rows about its month may have been
learned later. Rows are only ever added, so those up to a number are what there was. Views of the tables' names stand before
the tables for as long as the block lasts, so that everything that reads is none the wiser.

Spans that still grow are not in the chain yet, but within a quarter of an hour they are, all but one kind: that vCenter did not
answer may be put into the chain much later, and leaving it out would make silence a proof. It counts up to the row's time.
What vCenter says it keeps is left out: it only names causes.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import datetime

from agent.ledger.chain import COLUMNS
from agent.ledger.database import Database
from agent.ledger.export import hash_of
from agent.ledger.instants import instant, micros
from agent.ledger.merged import origins
from agent.ledger.store import AWAY

_UNCHAINED = ("growing_spans", "retentions")


def head(connection: sqlite3.Connection) -> tuple[int, bytes]:
    """Number and hash of the last row."""
    seq, digest = connection.execute("SELECT seq, hash FROM main.chain_head").fetchone()
    return int(seq), bytes(digest)


def learned_at(connection: sqlite3.Connection, seq: int) -> datetime | None:
    """When a row was learned, on the agent's clock; None if there is no such row."""
    for table in COLUMNS:
        found = connection.execute(f"SELECT learned FROM main.{table} WHERE seq = ?", (seq,)).fetchone()  # noqa: S608 - a table of our own
        if found is not None:
            return instant(found[0])
    return None


@contextlib.contextmanager
def reading_as_of(database: Database, seq: int) -> Iterator[tuple[sqlite3.Connection, bytes | None]]:
    """A reading transaction in which only the rows up to `seq` are there, and that row's hash; None: it is missing.

    Raises:
        LedgerUnavailable: the database cannot be read.
    """
    with database.reading() as connection:
        if origins(connection):
            # nothing is ever added to it: it stands as it stood
            yield connection, head(connection)[1] if seq == head(connection)[0] else None
            return
        names = (*COLUMNS, *_UNCHAINED)
        known = learned_at(connection, seq)
        until = micros(known) if known is not None else 0
        for table in (one for one in COLUMNS if one != "spans"):
            connection.execute(f"CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} WHERE seq <= {int(seq)}")  # noqa: S608 - names of our own, and a number
        away = f"kind = '{AWAY}' AND start < {until}"
        connection.execute(
            "CREATE TEMP VIEW spans AS "  # noqa: S608 - names of our own, and numbers
            f"SELECT seq, vcenter, kind, start, min(end, CASE WHEN seq <= {int(seq)} THEN end ELSE {until} END) AS end, "
            f"learned, hash FROM main.spans WHERE seq <= {int(seq)} OR {away}"
        )
        connection.execute(
            "CREATE TEMP VIEW growing_spans AS "  # noqa: S608 - names of our own, and numbers
            f"SELECT vcenter, kind, start, min(end, {until}) AS end, first_learned, learned FROM main.growing_spans "
            f"WHERE {away}"
        )
        connection.execute("CREATE TEMP VIEW retentions AS SELECT * FROM main.retentions WHERE 0")
        try:
            yield connection, hash_of(connection, seq)
        finally:
            for table in names:
                connection.execute(f"DROP VIEW temp.{table}")
