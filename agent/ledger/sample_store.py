"""Where counted samples are kept: totals, masks and the time of the last round, always in one transaction."""

from collections.abc import Iterable, Mapping

from agent.ledger.database import Database
from agent.ledger.sample_totals import SampleTotals, from_json, to_json
from agent.model.performance import SampleGrid


class SampleStore:
    """The sample totals of all vCenters in the agent's database. Of one thread, as its database connection is.

    What a metrics page shows must be on disk first, so that no crash ever makes a counter go back.
    """

    def __init__(self, database: Database) -> None:
        """Takes over a database that was restored from a backup: its counters begin at zero again.

        The agent had shown higher figures after the backup was made. A counter that falls to an old value reads as
        that whole value gained anew; one that falls to zero reads as what it is, a new beginning.

        Raises:
            LedgerUnavailable: it cannot be read or written.
        """
        self._database = database
        if database.restored_from_backup():
            self._begin_anew()

    def load(self, vcenter: str, kind: str, grid: SampleGrid) -> dict[str, SampleTotals]:
        """Every object's totals, by its stable id. Raises LedgerUnavailable, or ValueError for a state not ours."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT entity, state FROM sample_totals WHERE vcenter = ? AND kind = ?", (vcenter, kind)
            ).fetchall()
        return {entity: from_json(grid, state) for entity, state in rows}

    def read_until(self, vcenter: str) -> dict[str, int]:
        """The clock of vCenter at the last round that was written, by kind, epoch seconds."""
        with self._database.reading() as connection:
            return dict(
                connection.execute(
                    "SELECT kind, read_until FROM sample_rounds WHERE vcenter = ?", (vcenter,)
                ).fetchall()
            )

    def save(self, vcenter: str, kind: str, changed: Mapping[str, SampleTotals], read_until: int) -> None:
        """Write one round of one kind; afterwards it counts as done, whatever happens.

        Raises:
            LedgerUnavailable: nothing was written.
        """
        rows: Iterable[tuple[str, str, str, str]] = (
            (vcenter, kind, entity, to_json(totals)) for entity, totals in changed.items()
        )
        with self._database.transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO sample_totals VALUES (?, ?, ?, ?)", rows)
            connection.execute("INSERT OR REPLACE INTO sample_rounds VALUES (?, ?, ?)", (vcenter, kind, read_until))

    def _begin_anew(self) -> None:
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM sample_totals")
            connection.execute("DELETE FROM sample_rounds")
            self._database.accept_restored(connection)
