"""Keeps the history of findings in the ledger, and says since when each stands. Owned by the health collector's thread."""

from dataclasses import replace
from datetime import datetime, timedelta

from agent.health.catalogue import catalogue
from agent.health.history import FindingChange, FindingHistory
from agent.ledger.database import Database
from agent.ledger.findings import GONE, FindingRow, record_findings, standing
from agent.model.health import HealthReport, State


class FindingKeeper:
    """The findings of one vCenter; what cannot be written now is written with the next report."""

    def __init__(self, database: Database, vcenter: int, now: datetime) -> None:
        """Takes up what the ledger has. Raises LedgerUnavailable."""
        self._database, self._vcenter = database, vcenter
        with database.reading() as connection:
            known = standing(connection, vcenter)
        self._history = FindingHistory({key: (State(state), since) for key, (state, since) in known.items()}, now)
        self._unwritten: list[FindingChange] = []

    def keep(self, report: HealthReport) -> HealthReport:
        """The report, each finding with when it was first seen; what began or ended is written down.

        Raises:
            LedgerUnavailable: it cannot be written; it will be tried again.
        """
        self._unwritten += self._history.saw(report, _lasting)
        if self._unwritten:
            record_findings(self._database, self._vcenter, map(_row, self._unwritten), report.evaluated_at)
            self._unwritten.clear()
        return self.dated(report)

    def dated(self, report: HealthReport) -> HealthReport:
        """The report, each finding with when it was first seen."""
        return replace(
            report,
            findings=tuple(replace(one, since=self._history.since(one.key)) for one in report.findings),
        )


def _lasting(check: str) -> timedelta:
    known = catalogue().get(check)
    return known.lasting if known is not None else timedelta()


def _row(change: FindingChange) -> FindingRow:
    return FindingRow(
        check=change.check,
        kind=change.kind,
        object_id=change.object_id,
        part=change.part,
        object_name=change.object_name,
        state=GONE if change.state is None else change.state.value,
        message=change.message,
        at=change.at,
    )
