"""The database file as several threads open it."""

import sqlite3
import threading
from pathlib import Path

import pytest

from agent.ledger import database
from agent.ledger.database import Database, LedgerUnavailable
from agent.ledger.schema import MIGRATIONS


@pytest.mark.parametrize("attempt", range(10))
def test_threads_that_open_a_new_file_at_once_make_its_tables_once(tmp_path: Path, attempt: int) -> None:
    together, problems = threading.Barrier(4), []

    def open_it() -> None:
        together.wait(10)
        try:
            Database(tmp_path / "new.db").close()
        except LedgerUnavailable as error:
            problems.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert problems == []
    with sqlite3.connect(tmp_path / "new.db") as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    connection.close()


def test_a_long_transaction_of_one_thread_is_waited_for_by_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_BUSY_MS", 1)
    Database(tmp_path / "x.db").close()
    writing, done = threading.Event(), threading.Event()
    problems: list[LedgerUnavailable] = []

    def write() -> None:
        own = Database(tmp_path / "x.db")
        try:
            with own.transaction() as connection:
                writing.set()
                done.wait(0.3)
                connection.execute("INSERT INTO meta VALUES (?, 'yes')", (threading.current_thread().name,))
        except LedgerUnavailable as error:
            problems.append(error)
        own.close()

    threads = [threading.Thread(target=write, name=f"writer {number}") for number in range(3)]
    for thread in threads:
        thread.start()
    assert writing.wait(10)
    for thread in threads:
        thread.join(30)
    assert problems == []
    with sqlite3.connect(tmp_path / "x.db") as connection:
        assert connection.execute("SELECT count(*) FROM meta WHERE key LIKE 'writer%'").fetchone() == (3,)
    connection.close()


def test_a_file_of_a_newer_agent_is_left_alone(tmp_path: Path) -> None:
    Database(tmp_path / "x.db").close()
    with sqlite3.connect(tmp_path / "x.db") as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    with pytest.raises(LedgerUnavailable, match="written by a newer checkmeter"):
        Database(tmp_path / "x.db")


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "x.db") as connection:
        connection.execute("CREATE TABLE spans (other INTEGER)")  # stands in the way of a later step
    connection.close()
    with pytest.raises(LedgerUnavailable, match="spans"):
        Database(tmp_path / "x.db")
    with sqlite3.connect(tmp_path / "x.db") as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    connection.close()
    assert tables == {"meta", "sample_totals", "sample_rounds", "spans"}


def test_what_is_no_database_is_said_with_its_cure(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("a note that somebody left here, much longer than a header\n" * 20)
    with pytest.raises(LedgerUnavailable) as caught:
        Database(tmp_path / "x.db")
    assert "it is not a ledger" in caught.value.cure
