"""Nothing in the ledger can be changed, taken out or put in without it being seen, and where."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.ledger.chain import COLUMNS, Appender, verify
from agent.ledger.database import Database, LedgerUnavailable
from agent.ledger.event_search import Wanted, find_events
from agent.ledger.store import WATCHED, Stretch
from agent.model.event import UndecodableEvent
from agent.model.evidence import CounterSample
from tests.agent.ledger.ledger_file import at, event, opened, seen, window


@pytest.fixture
def ledger(tmp_path):
    """Rows of every table."""
    file = tmp_path / "db"
    with opened(file) as (_, store, vcenter):
        for key in range(1, 11):
            store.record_events(vcenter, [event(key, key, message=f"Ærø {key}")], [], None, at(key))
        bad = UndecodableEvent(identity="x", start=at(0), end=at(1), reason="not XML")
        store.record_events(vcenter, [], [bad], window(0, 60), at(60), follows=False)
        store.record_observations(
            vcenter,
            [seen("runtime.powerState", "poweredOn"), seen("runtime.bootTime", None)],
            [Stretch(kind=WATCHED, start=at(0), end=at(5)), Stretch(kind=WATCHED, start=at(50), end=at(55))],
            at(60),
        )
        sample = CounterSample(counter="sys.uptime.latest", at=at(20), interval_s=20, value=300, learned_at=at(25))
        store.record_witnesses("uuid-1", "dc1", [("vm-1", sample)])
    return file


def checked(file):
    database = Database(file)
    try:
        with database.reading() as connection:
            return verify(connection)
    finally:
        database.close()


def alter(file, sql, *values):
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(sql, values)


def seq_of(file, table):
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(f"SELECT max(seq) FROM {table}").fetchone()[0]  # noqa: S608 - a table of ours


def test_an_untouched_ledger_holds_from_the_first_row_to_the_last(ledger):
    found = checked(ledger)
    assert (found.found, found.complete) == (None, True)
    assert found.seq == sum(row for (row,) in (_count(ledger, table) for table in COLUMNS))


def _count(file, table):
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - a table of ours


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("events", "created", 1),
        ("events", "user", "somebody else"),
        ("events", "user", None),
        ("events", "fields", '{"sourceHost.host":"host-9"}'),
        ("events", "private", "{}"),
        ("events", "salt", b"0123456789abcdef"),
        ("events", "seal", None),
        ("events", "key", 4711),
        ("observations", "value", "poweredOff"),
        ("samples", "value", 301),
        ("spans", "end", 5_000_000),
        ("undecodable_events", "private", '{"reason":""}'),
        ("vcenters", "uuid", "uuid-9"),
    ],
)
def test_any_value_that_was_altered_names_its_row(ledger, table, column, value):
    seq = seq_of(ledger, table)
    alter(ledger, f"UPDATE {table} SET {column} = ? WHERE seq = ?", value, seq)  # noqa: S608 - a table of ours
    found = checked(ledger).found
    assert (found.seq, found.table) == (seq, table)


def test_one_altered_byte_of_the_file_names_its_row(ledger):
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        ((seq,),) = connection.execute("SELECT seq FROM events WHERE private LIKE '% 7%'").fetchall()
    content = bytearray(ledger.read_bytes())
    place = content.find("Ærø 7".encode())
    assert place > 0
    content[place + len("Ærø 7".encode()) - 1] = ord("8")
    ledger.write_bytes(content)
    found = checked(ledger).found
    assert (found.seq, found.table) == (seq, "events")
    assert f"row {seq}, in events" in found.problem


def test_a_row_that_was_taken_out_is_named(ledger):
    seq = seq_of(ledger, "events") - 3
    alter(ledger, "DELETE FROM events WHERE seq = ?", seq)
    assert checked(ledger).found.problem == f"row {seq} is missing"


def test_the_last_row_cannot_be_taken_out_unseen_either(ledger):
    seq = seq_of(ledger, "samples")
    alter(ledger, "DELETE FROM samples WHERE seq = ?", seq)
    assert checked(ledger).found.problem == f"row {seq} is missing: the last is to be {seq}"


def test_rows_that_changed_places_are_named(ledger):
    one, other = seq_of(ledger, "events") - 2, seq_of(ledger, "events") - 1
    alter(ledger, "UPDATE events SET seq = -1 WHERE seq = ?", one)
    alter(ledger, "UPDATE events SET seq = ? WHERE seq = ?", one, other)
    alter(ledger, "UPDATE events SET seq = ? WHERE seq = -1", other)
    assert checked(ledger).found.seq == one


def test_a_row_with_a_right_hash_of_its_own_breaks_the_next(ledger):
    """Whoever knows how hashes are made must remake all that follow, and the head that was kept elsewhere gives it away."""
    before = checked(ledger)
    with closing(sqlite3.connect(ledger, isolation_level=None)) as connection:
        seq = connection.execute("SELECT seq FROM events WHERE key = 5").fetchone()[0]
        columns = ", ".join(COLUMNS["events"])
        row = connection.execute(f"SELECT {columns} FROM events WHERE seq = ?", (seq,)).fetchone()  # noqa: S608 - a table of ours
        previous = connection.execute("SELECT hash FROM events WHERE seq = ?", (seq - 1,)).fetchone()[0]
        connection.execute("DELETE FROM events WHERE seq = ?", (seq,))
        forger = Appender(connection)
        forger.seq, forger.hash = seq - 1, previous
        forger.add("events", *row[:6], "somebody else", *row[7:])
    found = checked(ledger)
    assert (found.found.seq, found.found.table) == (seq + 1, "events")
    assert before.hash != found.hash


def test_the_chain_can_be_followed_piece_by_piece(ledger):
    database = Database(ledger)
    with database.reading() as connection:
        whole, seq, digest, pieces = verify(connection), 0, bytes(32), 0
        while True:
            piece = verify(connection, seq, digest, 4)
            seq, digest, pieces = piece.seq, piece.hash, pieces + 1
            if piece.complete:
                break
    database.close()
    assert (piece.seq, piece.hash, piece.found) == (whole.seq, whole.hash, None)
    assert pieces == -(-whole.seq // 4) + (whole.seq % 4 == 0)


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60))
def test_any_text_that_vcenter_may_send_is_kept_and_proved(tmp_path_factory, text):
    file = tmp_path_factory.mktemp("chain") / "db"
    with opened(file) as (database, store, vcenter):
        store.record_events(vcenter, [event(1, message=text, user=text or None)], [], None, at(1))
        with database.reading() as connection:
            assert verify(connection).found is None
            (kept,) = find_events(connection, vcenter, Wanted())
            assert (kept.event.message, kept.event.user) == (text, text or None)


def test_a_transaction_that_fails_leaves_the_chain_as_it_was(ledger):
    before = checked(ledger)
    with opened(ledger) as (_, store, vcenter), pytest.raises(LedgerUnavailable):
        store.record_events(vcenter + 99, [event(50, 50)], [], None, at(50))
    after = checked(ledger)
    assert (after.seq, after.hash, after.found) == (before.seq, before.hash, None)
