"""What objects are like is kept whole once a day, at once when it matters, and small."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.ledger.chain import verify
from agent.ledger.database import Database, LedgerUnavailable
from agent.ledger.fact_book import custom_fields_at, days_kept, fact_histories, inventory_at
from agent.ledger.facts import FactWriter, deflated, inflated, text_of
from agent.ledger.store import WATCHED, LedgerStore, Stretch
from agent.model.facts import KINDS
from agent.model.record_json import from_plain, to_plain
from tests.worlds import INVENTORY

NOON = datetime(2026, 10, 14, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
BIG = INVENTORY.vms["vm-101"]


@pytest.fixture
def database(tmp_path):
    found = Database(tmp_path / "db")
    yield found
    found.close()


@pytest.fixture
def vcenter(database):
    return LedgerStore(database).vcenter("uuid-1", "dc1", NOON)


def with_vm(**changes):
    return replace(INVENTORY, vms={**INVENTORY.vms, "vm-101": replace(BIG, **changes)})


def history(database, vcenter, kind="vms", start=NOON - MINUTE, end=NOON + timedelta(days=40)):
    with database.reading() as connection:
        return dict(fact_histories(connection, vcenter, kind, start, end))


def test_every_record_comes_back_from_plain_values_as_it_was():
    for kind, record in KINDS.items():
        for one in getattr(INVENTORY, kind).values():
            assert from_plain(record, json.loads(json.dumps(to_plain(one)))) == one


def test_the_inventory_of_a_time_is_the_one_that_was_kept(database, vcenter):
    FactWriter(database, vcenter).keep(INVENTORY, NOON, NOON)
    with database.reading() as connection:
        found = inventory_at(connection, vcenter, NOON)
        assert inventory_at(connection, vcenter, NOON - MINUTE) is None
        assert days_kept(connection, vcenter) == (NOON, NOON)
        assert verify(connection).found is None
    for kind in KINDS:
        assert getattr(found, kind) == getattr(INVENTORY, kind)
    assert (found.about, found.licences, found.root_folder) == (INVENTORY.about, INVENTORY.licences, "group-d1")


def test_a_second_look_at_the_same_writes_nothing(database, vcenter):
    writer = FactWriter(database, vcenter)
    assert writer.keep(INVENTORY, NOON, NOON) > len(INVENTORY.vms)
    assert writer.keep(INVENTORY, NOON + MINUTE, NOON) == 0
    assert writer.keep(with_vm(cpu_usage_mhz=77), NOON + 2 * MINUTE, NOON) == 0
    assert FactWriter(database, vcenter).keep(INVENTORY, NOON + 3 * MINUTE, NOON) == 0


def test_usage_is_kept_once_a_day_and_a_size_when_it_changes(database, vcenter):
    writer = FactWriter(database, vcenter)
    writer.keep(INVENTORY, NOON, NOON)
    assert writer.keep(with_vm(cpus=12), NOON + 3 * MINUTE, NOON) == 1
    assert writer.keep(with_vm(cpus=12, cpu_usage_mhz=77), NOON + timedelta(days=1), NOON) == 1
    assert writer.keep(with_vm(cpus=12, cpu_usage_mhz=77), NOON + timedelta(days=2), NOON) == 0
    facts = history(database, vcenter)[BIG.instance_uuid]
    assert [(one.at, one.record.cpus) for one in facts] == [
        (NOON, BIG.cpus),
        (NOON + 3 * MINUTE, 12),
        (NOON + timedelta(days=1), 12),
    ]


def test_a_change_is_known_to_lie_after_the_last_look_before_it(database, vcenter):
    writer = FactWriter(database, vcenter)
    writer.keep(INVENTORY, NOON, NOON)
    writer.keep(INVENTORY, NOON + 2 * MINUTE, NOON)
    writer.keep(with_vm(memory_mib=1), NOON + 9 * MINUTE, NOON)
    first, second = history(database, vcenter)[BIG.instance_uuid]
    assert (first.unchanged_until, second.unchanged_until) == (None, NOON + 2 * MINUTE)


def test_after_a_restart_a_change_is_known_to_lie_after_the_updates_were_followed(database, vcenter):
    FactWriter(database, vcenter).keep(INVENTORY, NOON, NOON)
    watched = Stretch(kind=WATCHED, start=NOON, end=NOON + 5 * MINUTE)
    LedgerStore(database).record_observations(vcenter, (), (watched,), NOON)
    FactWriter(database, vcenter).keep(with_vm(memory_mib=1), NOON + 90 * MINUTE, NOON)
    assert history(database, vcenter)[BIG.instance_uuid][1].unchanged_until == NOON + 5 * MINUTE


def test_what_has_gone_is_told_once_and_what_comes_back_is_whole_again(database, vcenter):
    writer = FactWriter(database, vcenter)
    writer.keep(INVENTORY, NOON, NOON)
    without = replace(INVENTORY, vms={moid: vm for moid, vm in INVENTORY.vms.items() if moid != "vm-101"})
    assert writer.keep(without, NOON + MINUTE, NOON) == 1
    assert writer.keep(without, NOON + 2 * MINUTE, NOON) == 0
    assert FactWriter(database, vcenter).keep(without, NOON + 3 * MINUTE, NOON) == 0
    assert BIG.instance_uuid not in history(database, vcenter, start=NOON + 2 * MINUTE)
    assert writer.keep(INVENTORY, NOON + 4 * MINUTE, NOON) == 1
    records = [one.record for one in history(database, vcenter)[BIG.instance_uuid]]
    assert [record is None for record in records] == [False, True, False]
    assert records[2] == BIG
    with database.reading() as connection:
        assert "vm-101" not in inventory_at(connection, vcenter, NOON + 3 * MINUTE).vms


def test_a_year_of_a_vm_is_small_because_days_share_a_base(database, vcenter):
    writer = FactWriter(database, vcenter)
    for day in range(60):
        at = NOON + timedelta(days=day)
        writer.keep(with_vm(cpu_usage_mhz=100 + day, uptime_s=86_400 * day), at, at)
    with database.reading() as connection:
        total, count = connection.execute(
            "SELECT sum(length(content)), count(*) FROM facts WHERE kind = 'vms'"
        ).fetchone()
    assert count == 60 + len(INVENTORY.vms) - 1
    assert total / count < len(text_of(BIG)) / 20


def test_what_was_rolled_back_is_written_again(database, vcenter):
    writer = FactWriter(database, vcenter)
    writer.keep(INVENTORY, NOON, NOON)
    with database.transaction() as connection:
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON facts BEGIN SELECT RAISE(ABORT, 'full'); END")
    with pytest.raises(LedgerUnavailable):
        writer.keep(with_vm(cpus=12), NOON + MINUTE, NOON)
    with database.transaction() as connection:
        connection.execute("DROP TRIGGER full")
    assert writer.keep(with_vm(cpus=12), NOON + 2 * MINUTE, NOON) == 1


@given(st.binary(max_size=500), st.none() | st.binary(min_size=1, max_size=500))
def test_what_was_deflated_is_inflated_to_the_same(text, base):
    assert inflated(deflated(text, base), base) == text


def test_a_history_of_some_fields_leaves_out_what_changed_in_others(database, vcenter):
    writer = FactWriter(database, vcenter)
    writer.keep(INVENTORY, NOON, NOON)
    writer.keep(with_vm(cpus=12), NOON + 3 * MINUTE, NOON)
    writer.keep(with_vm(cpus=12, name="erp-db-new"), NOON + 6 * MINUTE, NOON)
    with database.reading() as connection:
        end = NOON + timedelta(days=1)
        found = dict(fact_histories(connection, vcenter, "vms", NOON - MINUTE, end, fields=("name",)))
        assert custom_fields_at(connection, vcenter, NOON) == INVENTORY.custom_fields
        assert custom_fields_at(connection, vcenter, NOON - MINUTE) == {}
    told = [(one.at, one.record.name, one.record.cpus) for one in found[BIG.instance_uuid]]
    assert told == [(NOON, BIG.name, None), (NOON + 6 * MINUTE, "erp-db-new", None)]
