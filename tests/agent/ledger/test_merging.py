"""Ledgers of a pair as one: each fills what the other does not know, and all that went in can be proved."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from agent.errors import AgentError
from agent.ledger.agreement import disagreements
from agent.ledger.chain import verify
from agent.ledger.database import Database, LedgerUnavailable
from agent.ledger.event_search import Wanted, find_events
from agent.ledger.merged import origins, own_rows, problem_of, vcenters_of
from agent.ledger.purge import due, purge
from agent.ledger.recorded import vcenters
from agent.ledger.store import LedgerStore
from agent.model.availability import State
from tests.agent.ledger.pairs import DAY, Truth, at, edges_of, head, judged, merged, states, write

TRUTH = Truth((10_000, 10_300, 40_000, 41_000, 70_000, 70_060))
FIRST, SECOND = ((0, 30_000), (60_000, DAY)), ((20_000, 65_000),)

CUTS = st.lists(st.integers(0, DAY // 60), min_size=2, max_size=6, unique=True).map(
    lambda minutes: tuple(sorted(one * 60 for one in minutes))
)
RUNS = CUTS.map(lambda cuts: tuple(zip(cuts[::2], cuts[1::2], strict=False)))
SWITCHED = st.lists(st.integers(1, DAY // 45 - 1), max_size=6, unique=True).map(
    lambda found: Truth(tuple(sorted(one * 45 + 7 for one in found)))
)


@pytest.fixture
def pair(tmp_path):
    return write(tmp_path / "a.db", TRUTH, FIRST), write(tmp_path / "b.db", TRUTH, SECOND, lag=0.9)


@settings(max_examples=8, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))
@given(SWITCHED, RUNS, RUNS)
def test_what_one_of_them_knows_is_known_and_nothing_else(tmp_path_factory, truth, first, second):
    folder = tmp_path_factory.mktemp("pair")
    files = write(folder / "a.db", truth, first), write(folder / "b.db", truth, second, lag=0.9)
    alone = [judged(file) for file in files]
    together = judged(merged(folder / "c.db", *files))
    edges = edges_of(*alone, together)
    for start, one, other, both in zip(edges, *(states(ledger, edges) for ledger in (*alone, together)), strict=False):
        known = {one, other} - {State.UNKNOWN}
        assert {both} == (known or {State.UNKNOWN}), start
        if both is not State.UNKNOWN:
            assert (both is State.UP) == (truth.state((start - at(0)).total_seconds()) == "poweredOn")
    assert [one for one in together.contradictions if one.ledgers] == []


@settings(max_examples=3, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))
@given(SWITCHED, RUNS, RUNS, RUNS)
def test_ledgers_can_be_merged_in_any_order_and_as_often_as_one_likes(tmp_path_factory, truth, first, second, third):
    folder = tmp_path_factory.mktemp("three")
    a, b, c = (
        write(folder / name, truth, runs, lag=lag)
        for name, runs, lag in (("a.db", first, 0.1), ("b.db", second, 0.5), ("c.db", third, 0.9))
    )
    ab = merged(folder / "ab.db", a, b)
    whole = head(merged(folder / "abc.db", a, b, c))
    assert head(merged(folder / "ba.db", b, a)) == head(ab)
    assert head(merged(folder / "aab.db", a, ab)) == head(ab)
    assert head(merged(folder / "abab.db", ab, ab, b)) == head(ab)
    assert head(merged(folder / "cba.db", c, ab)) == whole
    assert head(merged(folder / "bca.db", merged(folder / "bc.db", b, c), a, ab)) == whole


def test_evidence_names_the_ledger_that_it_is_from(pair, tmp_path):
    ledger = judged(merged(tmp_path / "c.db", *pair))
    labels = [head(file)[1].hex()[:12] for file in pair]
    downs = {one.start: {piece.ledger for piece in one.evidence} for one in ledger.intervals if one.state is State.DOWN}
    assert downs == {at(10_000): {labels[0]}, at(40_000): {labels[1]}, at(70_000): {labels[0]}}


def test_each_ledger_that_went_in_can_be_proved_by_the_head_that_was_noted_of_it(pair, tmp_path):
    file = merged(tmp_path / "c.db", *pair)
    with closing(Database(file)) as database, database.reading() as connection:
        assert {(one.head_seq, one.head_hash) for one in origins(connection)} == {head(one) for one in pair}
        for one in origins(connection):
            assert problem_of(connection, one) is None
        events = list(find_events(connection, vcenters(connection)[0].seq, Wanted()))
    assert [one.event.key for one in events] == [100, 101, 102, 103, 104, 105]
    assert {one.event.message for one in events} == {f"switch {number}" for number in range(6)}


def test_rows_that_give_a_chain_but_not_their_ledgers_are_found(pair, tmp_path):
    """Whoever makes the whole chain anew cannot make the heads of the ledgers that went in."""
    file = merged(tmp_path / "c.db", *pair)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE origins SET head_seq = head_seq - 1 WHERE seq = (SELECT min(seq) FROM origins)")
    with closing(Database(file)) as database, database.reading() as connection:
        assert "do not give the head" in (problem_of(connection, origins(connection)[0]) or "")
        assert verify(connection).found is not None


def test_a_later_copy_takes_the_place_of_an_earlier_one(pair, tmp_path):
    first, second = pair
    earlier = merged(tmp_path / "c.db", first, second)
    with closing(Database(first)) as database:
        late = TRUTH.events(0, DAY)[0]
        event = type(late)(key=900, chain_id=900, kind="VmResettingEvent", created=at(DAY + 60), vm="vm-1")
        LedgerStore(database).record_events(1, [event], (), None, at(DAY + 60))
    later = merged(tmp_path / "d.db", earlier, first)
    assert head(later) == head(merged(tmp_path / "e.db", second, first))
    with closing(Database(later)) as database, database.reading() as connection:
        assert {(one.head_seq, one.head_hash) for one in origins(connection)} == {head(first), head(second)}


def test_ledgers_of_different_vcenters_are_refused(pair, tmp_path):
    other = write(tmp_path / "other.db", TRUTH, FIRST, uuid="uuid-2")
    with pytest.raises(AgentError, match="have no vCenter in common"):
        merged(tmp_path / "c.db", pair[0], other)
    assert not (tmp_path / "c.db").exists()


def test_a_merged_ledger_takes_no_new_evidence(pair, tmp_path):
    with closing(Database(merged(tmp_path / "c.db", *pair))) as database, pytest.raises(LedgerUnavailable) as caught:
        LedgerStore(database).record_events(1, TRUTH.events(0, DAY), (), None, at(0))
    assert "a merged ledger is there to be read" in caught.value.problem


def test_a_file_that_is_there_is_left_as_it_is(pair, tmp_path):
    (tmp_path / "c.db").write_text("mine")
    with pytest.raises(LedgerUnavailable, match="exists already"):
        merged(tmp_path / "c.db", *pair)
    assert (tmp_path / "c.db").read_text() == "mine"
    assert list(tmp_path.glob("*unfinished*")) == []


def told(file: Path):
    with closing(Database(file)) as database, database.reading() as connection:
        (numbers,) = vcenters_of(connection).values()
        return [(one.event.key, one.differs) for one in disagreements(connection, numbers)]


def test_an_event_that_was_altered_in_one_of_them_is_named(pair, tmp_path):
    events = [type(one)(**{**{name: getattr(one, name) for name in one.__slots__}, "user": "KOMMUNE\\anna"})
              if one.key == 101 else one for one in TRUTH.events(0, DAY)]  # fmt: skip
    other = write(tmp_path / "x.db", TRUTH, ((0, DAY),), events=events)
    assert told(merged(tmp_path / "c.db", pair[0], other)) == [(101, ("user",))]


def test_an_event_that_one_lacks_although_it_had_read_its_time_is_named(pair, tmp_path):
    runs = ((0, 3 * DAY),)
    truth = Truth((50_000, 50_600))
    first = write(tmp_path / "x.db", truth, ((0, 60_000),))
    second = write(tmp_path / "y.db", truth, runs, events=truth.events(0, 50_500))
    assert told(merged(tmp_path / "c.db", first, second)) == [(101, ())]
    assert told(merged(tmp_path / "d.db", *pair)) == []


def test_what_was_purged_of_one_is_no_difference_and_is_read_from_the_other(pair, tmp_path):
    other = write(tmp_path / "x.db", TRUTH, ((0, DAY),))
    with closing(Database(pair[0])) as database:
        with database.reading() as connection:
            found = due(connection, at(20_000))
        assert list(purge(database, found, at(20_000), at(DAY) + timedelta(days=1)))[-1] == 2
    file = merged(tmp_path / "c.db", pair[0], other)
    assert told(file) == []
    with closing(Database(file)) as database, database.reading() as connection:
        for one in origins(connection):
            assert problem_of(connection, one) is None
            assert verify(connection).found is None
        texts = [one.event.message for one in find_events(connection, vcenters(connection)[0].seq, Wanted())]
        assert sum(row.purged for one in origins(connection) for row in own_rows(connection, one)) == 2
    assert texts == [f"switch {number}" for number in range(6)]
