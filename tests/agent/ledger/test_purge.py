"""What is personal goes for good, what proves stays, and the chain goes on proving it."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from agent.ledger.book import Book
from agent.ledger.chain import NO_HASH, digest, verify
from agent.ledger.database import Database
from agent.ledger.event_search import Wanted, find_events
from agent.ledger.export import hash_of
from agent.ledger.fact_book import inventory_at
from agent.ledger.facts import FactWriter
from agent.ledger.findings import GONE, FindingRow, finding_periods, record_findings, standing
from agent.ledger.private_parts import TEXTS_OF
from agent.ledger.purge import due, purge, purged
from agent.ledger.recorded import vcenters
from agent.ledger.schema import MIGRATIONS
from agent.ledger.store import LedgerStore
from agent.model.about import About
from agent.model.event import UndecodableEvent
from agent.model.facts import KINDS
from agent.model.inventory import Inventory
from agent.model.snapshot import SnapshotNode
from agent.model.virtual_machine import VirtualMachine
from tests.agent.ledger.written import BEGIN, END, EVENTS, VENDOR, power_event, write

LATER = BEGIN + timedelta(days=12)


def login(key, at, user, address):
    event = power_event(key, "UserLoginSessionEvent", at, user=user)
    return type(event)(
        key=key,
        chain_id=key,
        kind=event.kind,
        created=at,
        user=user,
        message=f"User {user}@{address} logged in",
        fields={"ipAddress": address, "sessionId": "52aa"},
    )


def inventory(at, **more):
    vm = VirtualMachine(
        moid="vm-1",
        name="srv-01",
        instance_uuid="5031-erp",
        cpus=4,
        snapshots=(SnapshotNode(moid="snapshot-1", name="before Birgit's change", created=BEGIN),),
        **more,
    )
    return Inventory(
        about=About(), root_folder="group-d1", confirmed_at=at, quick_read_at=at, slow_read_at=at, vms={"vm-1": vm}
    )


@pytest.fixture
def file(tmp_path):
    file = write(
        tmp_path,
        [
            *EVENTS,
            login(4000, BEGIN + timedelta(hours=3), "KOMMUNE\\birgit", "10.9.8.7"),
            login(9000, LATER + timedelta(days=3), "KOMMUNE\\carsten", "10.9.8.8"),
        ],
    )
    database = Database(file)
    writer = FactWriter(database, 1)
    for days, annotation in ((0, "ask Birgit, 4321"), (5, "ask Dorte, 1234"), (20, "ask Erik, 5678")):
        at = BEGIN + timedelta(days=days)
        writer.keep(inventory(at, annotation=annotation, ip_address="10.1.1.1"), at, at)
    found = {"check": "vcenter_logins_failed", "kind": "vcenter", "object_id": "", "part": "", "object_name": "dc1"}
    for days, state, message in (
        (1, "warning", "birgit failed to log in"),
        (2, GONE, ""),
        (3, "warning", "dorte failed to log in"),
    ):
        row = FindingRow(**found, state=state, message=message, at=BEGIN + timedelta(days=days))
        record_findings(database, 1, [row], END)
    bad = UndecodableEvent(identity="x", start=BEGIN, end=BEGIN, reason="not XML: <user>birgit")
    LedgerStore(database).record_events(1, [], [bad], None, END)
    database.close()
    return file


def take_out(file, until):
    database = Database(file)
    with database.reading() as connection:
        found = due(connection, until)
    done = list(purge(database, found, until, END))
    database.close()
    return done[-1] if done else 0


def read(file, question):
    database = Database(file)
    try:
        with database.reading() as connection:
            return question(connection)
    finally:
        database.close()


def judged(connection):
    book = Book(connection, vcenters(connection)[0], BEGIN, END)
    return list(book.ledgers()), list(book.accounts("host"))


def test_outages_with_who_did_them_are_the_same_after_a_purge(file):
    before = read(file, judged)
    assert take_out(file, LATER) > 0
    after = read(file, judged)
    assert after == before
    assert repr(VENDOR) in repr(after)


def test_a_purged_ledger_verifies_and_its_earlier_heads_still_hold(file):
    head = read(file, lambda connection: connection.execute("SELECT seq, hash FROM chain_head").fetchone())
    count = take_out(file, LATER)
    checked = read(file, verify)
    assert (checked.found, checked.complete) == (None, True)
    assert read(file, lambda connection: hash_of(connection, head[0])) == head[1]
    told = read(file, purged)
    assert (told.until, told.rows) == (LATER, count)


def test_not_a_byte_of_what_was_taken_out_stays_in_the_file(file):
    take_out(file, LATER)
    content = b"".join(one.read_bytes() for one in file.parent.iterdir() if one.name.startswith(file.name))
    for gone in (b"birgit", b"Birgit", b"10.9.8.7", b"VmPoweredOffEvent\\nsecond"):
        assert gone not in content
    for stays in (b"carsten", b"10.9.8.8", VENDOR.encode()):
        assert stays in content


def test_what_is_younger_and_what_still_holds_is_whole(file):
    take_out(file, LATER)

    def question(connection):
        events = {one.event.key: one for one in find_events(connection, 1, Wanted())}
        texts = {days: inventory_at(connection, 1, BEGIN + timedelta(days=days)).vms["vm-1"] for days in (1, 6, 21)}
        return events, texts, standing(connection, 1), finding_periods(connection, 1, BEGIN, END)

    events, texts, open_ones, periods = read(file, question)
    assert (events[4000].purged, events[4000].event.user, events[4000].event.message) == (True, None, None)
    assert (events[9000].purged, events[9000].event.user) == (False, "KOMMUNE\\carsten")
    assert events[9000].event.fields["ipAddress"] == "10.9.8.8"
    assert [texts[days].annotation for days in (1, 6, 21)] == [None, "ask Dorte, 1234", "ask Erik, 5678"]
    assert [texts[days].cpus for days in (1, 6, 21)] == [4, 4, 4]
    assert [texts[days].snapshots[0].created for days in (1, 6)] == [BEGIN, BEGIN]
    assert texts[6].snapshots[0].name == "before Birgit's change"
    assert [one.message for one in periods] == ["", "dorte failed to log in"]
    assert len(open_ones) == 1


def test_a_second_purge_of_the_same_time_finds_nothing(file):
    assert take_out(file, LATER) > 0
    assert take_out(file, LATER) == 0


def test_what_was_taken_out_without_a_purge_is_found(file):
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE events SET private = NULL, salt = NULL WHERE key = 4000")
    assert "1 rows, up to row" in read(file, verify).found.problem


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE events SET user = 'somebody else' WHERE key = 4711",
        "UPDATE events SET created = created + 1 WHERE key = 4711",
        "UPDATE events SET private = '{}' WHERE key = 4000",
        "UPDATE facts SET content = x'00' WHERE kind = 'vms' AND seq = (SELECT min(seq) FROM facts WHERE kind = 'vms')",
        "UPDATE purges SET row_count = row_count + 1 WHERE seq = (SELECT max(seq) FROM purges)",
    ],
)
def test_a_purge_hides_no_change_of_what_stays(file, change):
    take_out(file, LATER)
    with closing(sqlite3.connect(file)) as connection, connection:
        assert connection.execute(change).rowcount == 1
    assert read(file, verify).found is not None


def test_an_agent_goes_on_after_a_purge_without_writing_anew_what_is_known(file):
    take_out(file, LATER)
    database = Database(file)
    at = BEGIN + timedelta(days=21)
    written = FactWriter(database, 1).keep(inventory(at, annotation="ask Erik, 5678", ip_address="10.1.1.1"), at, at)
    database.close()
    assert written == 0
    assert read(file, verify).found is None


def test_texts_of_rows_that_an_earlier_version_wrote_are_counted_and_left(file):
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE events SET seal = NULL, salt = NULL, private = NULL, message = 'x' WHERE key = 4000")
    assert read(file, lambda connection: due(connection, LATER).unsealed) == 1


def test_every_field_that_is_called_personal_is_a_field_of_its_record():
    for kind, record in KINDS.items():
        known = set(record.__dataclass_fields__)
        wrong = TEXTS_OF[kind] - known - {"config_issues", "alarms"}
        assert wrong == set(), kind


def test_a_ledger_that_an_earlier_version_began_goes_on_and_is_proved_as_a_whole(tmp_path):
    file = tmp_path / "db"
    values = {
        "vcenters": ("uuid-1", "dc1", 0),
        "events": (1, 7, 1_000, 2_000, 7, "VmReconfiguredEvent", "anna", "by anna", *[None] * 8, '{"a":"b"}'),
    }
    with closing(sqlite3.connect(file)) as connection, connection:
        for step in MIGRATIONS[:4]:
            connection.executescript(step)
        connection.execute("PRAGMA user_version = 4")
        before = NO_HASH
        for seq, (table, told) in enumerate(values.items(), start=1):
            before = digest(before, table, seq, told)
            marks = ", ".join("?" * (len(told) + 2))
            connection.execute(f"INSERT INTO {table} VALUES ({marks})", (seq, *told, before))  # noqa: S608 - a table of ours
        connection.execute("UPDATE chain_head SET seq = 2, hash = ?", (before,))
    with closing(Database(file)) as database:
        LedgerStore(database).record_events(1, [login(9, BEGIN, "birgit", "10.9.8.7")], (), None, BEGIN)
    assert read(file, verify).found is None
    old, _ = read(file, lambda connection: list(find_events(connection, 1, Wanted())))
    assert (old.event.user, old.event.message, old.event.fields) == ("anna", "by anna", {"a": "b"})
    found = read(file, lambda connection: due(connection, END))
    assert (found.count, found.unsealed) == (1, 1)
    assert take_out(file, END) == 1
    assert read(file, verify).found is None


def test_what_was_purged_of_an_object_that_had_gone_is_kept_anew_when_it_is_back(tmp_path):
    database = Database(tmp_path / "db")
    LedgerStore(database).vcenter("uuid-1", "dc1", BEGIN)
    writer = FactWriter(database, 1)
    there = inventory(BEGIN, annotation="ask Birgit")
    for days, seen in ((0, there), (1, replace(there, vms={}))):
        at = BEGIN + timedelta(days=days)
        writer.keep(seen, at, at)
    with database.reading() as connection:
        found = due(connection, BEGIN + timedelta(days=2))
    assert list(purge(database, found, BEGIN + timedelta(days=2), END)) == [1]
    writer.keep(there, BEGIN + timedelta(days=3), BEGIN + timedelta(days=3))
    with database.reading() as connection:
        texts = [inventory_at(connection, 1, BEGIN + timedelta(days=days)) for days in (0, 4)]
    database.close()
    assert [one.vms["vm-1"].annotation for one in texts] == [None, "ask Birgit"]
