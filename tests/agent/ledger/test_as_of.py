"""A ledger that has grown still tells what it told before."""

from datetime import timedelta

from agent.ledger.as_of import head, reading_as_of
from agent.ledger.book import VM, Book
from agent.ledger.database import Database
from agent.ledger.recorded import covered, spans, vcenters
from agent.ledger.store import AWAY, LedgerStore, Stretch
from tests.agent.ledger.written import BEGIN, END, WATCH, power_event, write

LATER = BEGIN + timedelta(days=9)


def told(connection):
    (known,) = vcenters(connection)
    book = Book(connection, known, BEGIN, END)
    return [(one.name, one.outages, one.unknown_s) for one in book.accounts(VM)]


def test_what_was_learned_later_is_not_seen_as_of_an_earlier_row(tmp_path):
    database = Database(write(tmp_path))
    with database.reading() as connection:
        seq, digest = head(connection)
    with reading_as_of(database, seq) as (connection, found):
        before = told(connection)
        assert found == digest
    more = [
        power_event(9000, "VmPoweredOffEvent", LATER),
        power_event(9001, "VmPoweredOnEvent", LATER + timedelta(hours=1)),
    ]
    LedgerStore(database).record_events(1, more, (), None, END)
    with database.reading() as connection:
        assert told(connection) != before
    with reading_as_of(database, seq) as (connection, _):
        assert told(connection) == before
    with database.reading() as connection:
        assert told(connection) != before
    database.close()


def test_a_row_that_is_not_there_has_no_hash(tmp_path):
    database = Database(write(tmp_path))
    with reading_as_of(database, 10_000) as (_, found):
        assert found is None
    database.close()


def test_that_vcenter_did_not_answer_counts_whenever_it_was_put_into_the_chain(tmp_path):
    database = Database(write(tmp_path))
    store, away = LedgerStore(database), Stretch(kind=AWAY, start=LATER, end=LATER + timedelta(minutes=9))
    store.record_observations(1, (), [away], LATER)
    with database.reading() as connection:
        seq, _ = head(connection)
    found = []
    for later in (0, 1):
        with reading_as_of(database, seq) as (connection, _):
            found.append(spans(connection, 1, AWAY))
        more = [Stretch(kind=AWAY, start=one, end=one + timedelta(minutes=5)) for one in (END + later * WATCH,)]
        store.record_observations(1, (), more, END)
    assert found == [[(away.start, away.end, LATER)]] * 2
    database.close()


def test_as_of_the_first_rows_nothing_is_known_yet(tmp_path):
    database = Database(write(tmp_path))
    with reading_as_of(database, 1) as (connection, _):
        (known,) = vcenters(connection)
        assert covered(connection, known.seq) is None
    database.close()
