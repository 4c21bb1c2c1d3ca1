"""Takes out of the ledger once a day what is personal and older than the configuration lets it keep."""

import logging
import threading
from datetime import timedelta
from pathlib import Path

from agent.clock import Clock
from agent.collectors.loop import guarded
from agent.errors import AgentError
from agent.ledger.database import Database
from agent.ledger.purge import due, purge

log = logging.getLogger("checkmeter.retention")

_FIRST_AFTER_S = 600.0
"""Not while the agent reads everything for the first time."""
_EVERY_S = 86_400.0
_AGAIN_AFTER_S = 3600.0
_PAUSE_S = 0.5
"""Between transactions, for those who write evidence."""


class PersonalDataKeeper:
    """A thread of its own, with its own connection to the ledger."""

    def __init__(self, database_file: Path, days: int, clock: Clock) -> None:
        """`days` is how long what is personal may stay."""
        self._file, self._days, self._clock = database_file, days, clock
        self._pause = _FIRST_AFTER_S

    def run(self, stop: threading.Event) -> None:
        """Purge once a day until `stop` is set."""
        while not self._clock.wait(self._pause, stop):
            self._pause = _EVERY_S
            guarded("ledger", lambda: self._purge(stop), self._failed)

    def _purge(self, stop: threading.Event) -> None:
        """Take out what is due now, as far as `stop` lets it.

        Raises:
            LedgerUnavailable: the rest is for the next time.
        """
        now = self._clock.now()
        until = now - timedelta(days=self._days)
        database = Database(self._file)
        done = 0
        try:
            with database.reading() as connection:
                found = due(connection, until)
            for done in purge(database, found, until, now):  # noqa: B007 - only the last counts
                if self._clock.wait(_PAUSE_S, stop):
                    break
        finally:
            database.close()
        if done:
            log.info("personal data was purged", extra={"before": until.isoformat(), "rows": done})

    def _failed(self, error: AgentError) -> None:
        self._pause = _AGAIN_AFTER_S
        log.warning("personal data was not purged", extra={"problem": error.problem, "cure": error.cure})
