"""The history of health findings: rows say when one began, changed its severity, or was over ("gone")."""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime

from agent.dataclass import dataclass
from agent.ledger.chain import Appender
from agent.ledger.database import Database
from agent.ledger.instants import instant, micros
from agent.ledger.private_parts import sealed_text

GONE = "gone"
Key = tuple[str, str, str]
"""Check, object and part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """One row: `state` is info, warning, critical or gone; `at` is on the agent's clock."""

    check: str
    kind: str
    object_id: str
    part: str
    object_name: str
    state: str
    message: str
    at: datetime

    @property
    def key(self) -> Key:
        """The same finding from its begin to its end."""
        return self.check, self.object_id, self.part


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingPeriod:
    """A finding from its begin to its end; `closed` None: it stands. `severity` is the worst it was."""

    check: str
    kind: str
    object_id: str
    part: str
    object_name: str
    severity: str
    message: str
    opened: datetime
    closed: datetime | None


def record_findings(database: Database, vcenter: int, rows: Iterable[FindingRow], learned_at: datetime) -> None:
    """Add rows, all or none. Raises LedgerUnavailable."""
    with database.transaction() as connection:
        chain = Appender(connection)
        for row in rows:
            chain.add(
                "findings",
                vcenter,
                row.check,
                row.kind,
                row.object_id,
                row.part,
                row.object_name,
                row.state,
                "",
                micros(row.at),
                micros(learned_at),
                private=sealed_text("message", row.message),
            )
        chain.seal()


def standing(connection: sqlite3.Connection, vcenter: int) -> dict[Key, tuple[str, datetime]]:
    """The findings that are not over, with their severity and when they began."""
    return {
        (one.check, one.object_id, one.part): (state, one.opened)
        for one, state in _periods(connection, vcenter)
        if one.closed is None
    }


def finding_periods(
    connection: sqlite3.Connection, vcenter: int, start: datetime, end: datetime
) -> list[FindingPeriod]:
    """The findings that stood at some time in [start, end), the oldest first."""
    return sorted(
        (
            one
            for one, _ in _periods(connection, vcenter)
            if one.opened < end and (one.closed is None or one.closed >= start)
        ),
        key=lambda one: (one.opened, one.check, one.object_name),
    )


_RANKS = ("info", "warning", "critical")


def _periods(connection: sqlite3.Connection, vcenter: int) -> Iterator[tuple[FindingPeriod, str]]:
    """Every period with the severity it had last."""
    began: dict[Key, tuple[FindingRow, str, str]] = {}
    for row in _rows(connection, vcenter):
        known = began.get(row.key)
        if row.state == GONE:
            if known is not None:
                yield _period(known[0], known[1], row.at), known[2]
                del began[row.key]
        elif known is None:
            began[row.key] = (row, row.state, row.state)
        else:
            began[row.key] = (known[0], max(known[1], row.state, key=_RANKS.index), row.state)
    for first, worst, last in began.values():
        yield _period(first, worst, None), last


def _period(first: FindingRow, severity: str, closed: datetime | None) -> FindingPeriod:
    return FindingPeriod(
        check=first.check,
        kind=first.kind,
        object_id=first.object_id,
        part=first.part,
        object_name=first.object_name,
        severity=severity,
        message=first.message,
        opened=first.at,
        closed=closed,
    )


def _rows(connection: sqlite3.Connection, vcenter: int) -> Iterator[FindingRow]:
    found = connection.execute(
        "SELECT check_name, kind, object, part, name, state, coalesce(json_extract(private, '$.message'), message), at "
        "FROM findings WHERE vcenter = ? ORDER BY seq",
        (vcenter,),
    )
    for check, kind, object_id, part, name, state, message, at in found:
        yield FindingRow(
            check=check,
            kind=kind,
            object_id=object_id,
            part=part,
            object_name=name,
            state=state,
            message=message,
            at=instant(at),
        )
