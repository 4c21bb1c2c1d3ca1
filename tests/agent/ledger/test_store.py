"""What the ledger keeps, once, and which stretches of time it says were read."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.ledger.chain import verify
from agent.ledger.instants import instant, micros
from agent.ledger.last_seen import last_seen
from agent.ledger.store import WATCHED, Stretch
from agent.ledger.windows import first_key_from, last_key_before, unread
from agent.model.event import UndecodableEvent
from agent.model.evidence import GONE, PRESENT, SEEN, CounterSample
from tests.agent.ledger.ledger_file import at, event, opened, rows, seen, window


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis adds the zone itself
def test_a_time_comes_back_as_it_was_to_the_microsecond(moment):
    assert instant(micros(moment)) == moment


def test_an_event_is_kept_once_however_often_it_is_read(tmp_path):
    with opened(tmp_path / "db") as (database, store, vcenter):
        news = store.record_events(vcenter, [event(1), event(2)], [], window(0, 60), at(60))
        assert dict(news.kinds) == {"VmPoweredOffEvent": 2}
        assert news.oldest == at(0)
        again = store.record_events(vcenter, [event(1), event(2), event(3)], [], window(30, 90), at(90))
        assert dict(again.kinds) == {"VmPoweredOffEvent": 1}
        assert rows(database, "SELECT key, learned FROM events ORDER BY key") == [
            (1, micros(at(60))),
            (2, micros(at(60))),
            (3, micros(at(90))),
        ]


def test_a_restored_vcenter_that_uses_a_key_again_does_not_hide_the_new_event(tmp_path):
    with opened(tmp_path / "db") as (database, store, vcenter):
        store.record_events(vcenter, [event(1, 0), event(1, 500)], [], None, at(600))
        assert rows(database, "SELECT count(*) FROM events") == [(2,)]


def test_two_vcenters_may_use_the_same_keys(tmp_path):
    with opened(tmp_path / "db") as (database, store, vcenter):
        other = store.vcenter("uuid-2", "dc2", at(0))
        assert other != vcenter
        assert store.vcenter("uuid-1", "renamed", at(1)) == vcenter
        store.record_events(vcenter, [event(1)], [], None, at(1))
        store.record_events(other, [event(1)], [], None, at(1))
        assert rows(database, "SELECT count(*) FROM events") == [(2,)]


def test_an_undecodable_event_is_noted_once(tmp_path):
    bad = UndecodableEvent(identity="8:00 #3", start=at(0), end=at(1), reason="not XML")
    with opened(tmp_path / "db") as (database, store, vcenter):
        assert store.record_events(vcenter, [], [bad], None, at(1)).undecodable == 1
        assert store.record_events(vcenter, [], [bad], None, at(2)).undecodable == 0
        assert rows(database, "SELECT identity, private FROM undecodable_events") == [
            ("8:00 #3", '{"reason":"not XML"}')
        ]


def test_windows_that_follow_each_other_become_one_row_a_quarter_of_an_hour(tmp_path):
    with opened(tmp_path / "db") as (database, store, vcenter):
        for end in range(10, 3600, 10):
            store.record_events(vcenter, [], [], window(end - 60, end), at(end))
        found = rows(database, "SELECT start, end FROM spans WHERE kind = 'covered' ORDER BY seq")
        assert len(found) == 3
        growing = rows(database, "SELECT start, end FROM growing_spans")
        reach = found[0][0]
        for start, end in [*found, *growing]:
            assert start <= reach or start == found[0][0]
            reach = end
        assert reach == micros(at(3590))


def test_a_window_that_does_not_follow_is_a_row_of_its_own(tmp_path):
    with opened(tmp_path / "db") as (database, store, vcenter):
        store.record_events(vcenter, [], [], window(0, 60), at(60))
        store.record_events(vcenter, [], [], window(1000, 1060), at(1060))
        store.record_events(vcenter, [], [], window(200, 900), at(1070), follows=False)
        assert rows(database, "SELECT start, end FROM spans") == [
            (micros(at(0)), micros(at(60))),
            (micros(at(200)), micros(at(900))),
        ]
        assert rows(database, "SELECT start, end FROM growing_spans") == [(micros(at(1000)), micros(at(1060)))]


def test_an_object_that_comes_or_goes_ends_the_window_for_what_was_read_before_was_read_without_it(tmp_path):
    with opened(tmp_path / "db") as (database, store, vcenter):
        store.record_events(vcenter, [], [], window(0, 60), at(60))
        store.record_observations(vcenter, [seen(PRESENT, GONE, 61)], [], at(61))
        assert rows(database, "SELECT end FROM spans WHERE kind = 'covered'") == [(micros(at(60)),)]


def test_a_span_that_grows_is_continued_where_it_was_put_into_the_chain(tmp_path):
    with opened(tmp_path / "db") as (database, store, vcenter):
        for end in range(10, 2000, 10):
            store.record_observations(vcenter, [], [Stretch(kind=WATCHED, start=at(0), end=at(end))], at(end))
        found = rows(database, "SELECT start, end FROM spans UNION SELECT start, end FROM growing_spans ORDER BY start")
        assert [start for start, _ in found[1:]] == [end for _, end in found[:-1]]
        assert (found[0][0], found[-1][1]) == (micros(at(0)), micros(at(1990)))


def test_what_was_seen_last_comes_back_with_its_times_and_without_what_is_gone(tmp_path):
    with opened(tmp_path / "db") as (database, store, vcenter):
        first = [seen(PRESENT, SEEN), seen("runtime.powerState", "poweredOn"), seen("runtime.bootTime", at(-60))]
        store.record_observations(vcenter, first, [], at(1))
        store.record_observations(vcenter, [seen("runtime.powerState", "poweredOff", 5)], [], at(5))
        store.record_observations(
            vcenter, [seen(PRESENT, SEEN, moid="vm-2"), seen(PRESENT, GONE, 6, moid="vm-2")], [], at(6)
        )
        with database.reading() as connection:
            known = last_seen(connection, vcenter)
        assert known["vm", "vm-1"] == {
            PRESENT: SEEN,
            "runtime.powerState": "poweredOff",
            "runtime.bootTime": at(-60),
        }
        assert known["vm", "vm-2"] == {}


def test_a_sample_is_kept_once_and_finds_its_vcenter(tmp_path):
    sample = CounterSample(counter="sys.uptime.latest", at=at(20), interval_s=20, value=300, learned_at=at(25))
    with opened(tmp_path / "db") as (database, store, vcenter):
        for _ in range(2):
            store.record_witnesses("uuid-1", "dc1", [("vm-1", sample)])
        assert rows(database, "SELECT vcenter, moid, value FROM samples") == [(vcenter, "vm-1", 300)]


def test_two_connections_write_into_one_chain(tmp_path):
    with opened(tmp_path / "db") as (database, one, vcenter), opened(tmp_path / "db") as (_, other, same):
        assert vcenter == same
        for key in range(20):
            (one, other)[key % 2].record_events(vcenter, [event(key)], [], None, at(key))
        with database.reading() as connection:
            assert verify(connection).found is None


@pytest.mark.parametrize(
    ("read", "left"),
    [
        ([], [(0, 10_000)]),
        ([(-500, 10_000)], []),
        ([(0, 4000), (8000, 10_000)], [(3400, 8000)]),
        ([(0, 4000), (3500, 10_000)], []),
        ([(2000, 3000)], [(0, 2000), (2400, 10_000)]),
        ([(0, 9000)], [(8400, 10_000)]),
    ],
)
def test_what_was_not_read_and_the_last_ten_minutes_before_it_are_still_to_be_read(read, left):
    gaps = unread([window(*one) for one in read], at(0), at(10_000))
    assert [(one.start, one.end) for one in gaps] == [(at(start), at(end)) for start, end in left]


def test_the_keys_around_an_instant_are_not_misled_by_an_event_that_came_late(tmp_path):
    with opened(tmp_path / "db") as (database, store, vcenter):
        store.record_events(
            vcenter, [event(10, 0), event(11, 100), event(99, 150), event(20, 200), event(21, 300)], [], None, at(400)
        )
        with database.reading() as connection:
            assert last_key_before(connection, vcenter, at(180)) == 11
            assert first_key_from(connection, vcenter, at(180)) == 20
            assert last_key_before(connection, vcenter, at(-1)) is None
            assert first_key_from(connection, vcenter, at(301)) is None
