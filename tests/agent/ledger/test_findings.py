"""The history of findings in the ledger."""

from datetime import UTC, datetime, timedelta

from agent.ledger.chain import verify
from agent.ledger.database import Database
from agent.ledger.findings import FindingRow, finding_periods, record_findings, standing
from agent.ledger.store import LedgerStore

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def row(state: str, hours: float, check: str = "vm_snapshot_old") -> FindingRow:
    return FindingRow(
        check=check,
        kind="vm",
        object_id="50-1",
        part="snapshot-1",
        object_name="erp",
        state=state,
        message="is 9 days old",
        at=NOON + timedelta(hours=hours),
    )


def test_findings_have_a_begin_a_worst_severity_and_perhaps_an_end(tmp_path):
    database = Database(tmp_path / "ledger.db")
    vcenter = LedgerStore(database).vcenter("uuid", "dc1", NOON)
    rows = [row("warning", 0), row("critical", 1), row("warning", 2), row("gone", 41), row("info", 50, "vm_off_long")]
    record_findings(database, vcenter, rows, NOON + timedelta(hours=51))
    with database.reading() as connection:
        closed, lasting = finding_periods(connection, vcenter, NOON, NOON + timedelta(days=9))
        assert (closed.severity, closed.closed - closed.opened) == ("critical", timedelta(hours=41))
        assert (lasting.check, lasting.closed) == ("vm_off_long", None)
        assert standing(connection, vcenter) == {
            ("vm_off_long", "50-1", "snapshot-1"): ("info", NOON + timedelta(hours=50))
        }
        assert [
            one.check
            for one in finding_periods(connection, vcenter, NOON + timedelta(hours=45), NOON + timedelta(days=9))
        ] == ["vm_off_long"]
        assert verify(connection).found is None
    database.close()
