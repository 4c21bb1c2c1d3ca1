"""The facts of an hour come back as they were kept, and parts of an hour add up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from agent.ledger.chain import verify
from agent.ledger.database import Database
from agent.ledger.hour_facts import hours, record_hours
from agent.ledger.store import LedgerStore
from agent.ledger.vm_register import VmRegister
from agent.model.facts import ClusterHour, DatastoreHour, Figure, HourFacts

HOUR = datetime(2026, 10, 14, 12, tzinfo=UTC)
MOIDS = {"5031-erp": "vm-1", "5031-files": "vm-2", "5031-mail": "vm-3"}
REGISTER = VmRegister([(moid, vm_id) for vm_id, moid in MOIDS.items()], ())


def cluster(hosts=3, tolerated=1, vcpus=120, cores=64):
    return ClusterHour(fewest_hosts=hosts, least_failures_tolerated=tolerated, most_vcpus=vcpus, fewest_cores=cores)


FIRST = HourFacts(
    start=HOUR,
    rounds=40,
    datastores={"datastore-1": DatastoreHour(least_free_bytes=500, capacity_bytes=1000)},
    clusters={"domain-c8": cluster()},
    cpu_ready={"5031-erp": {0: 2000, 7: 400}, "5031-files": {0: 2400}, "5031-mail": {0: 2400}},
)
SECOND = HourFacts(
    start=HOUR,
    rounds=20,
    datastores={"datastore-1": DatastoreHour(least_free_bytes=300, capacity_bytes=1000)},
    clusters={"domain-c8": cluster(hosts=2, tolerated=None, vcpus=118, cores=48)},
    cpu_ready={"5031-erp": {0: 1200}},
)


def written(tmp_path, *found):
    database = Database(tmp_path / "db")
    vcenter = LedgerStore(database).vcenter("uuid-1", "dc1", HOUR)
    for one in found:
        record_hours(database, vcenter, [one], MOIDS, HOUR)
    with database.reading() as connection:
        assert verify(connection).found is None
        read = hours(connection, vcenter, REGISTER, HOUR, HOUR + timedelta(hours=2))
    database.close()
    return read


def test_an_hour_comes_back_as_it_was_kept(tmp_path):
    assert written(tmp_path, FIRST) == (FIRST,)


def test_the_parts_of_an_hour_keep_the_worst_and_add_up_what_is_spread(tmp_path):
    (found,) = written(tmp_path, FIRST, SECOND)
    assert found.rounds == 60
    assert found.datastores["datastore-1"].least_free_bytes == 300
    assert found.clusters["domain-c8"] == cluster(hosts=2, tolerated=1, vcpus=118, cores=48)
    assert found.cpu_ready["5031-erp"] == {0: 3200, 7: 400}
    assert found.cpu_ready["5031-files"] == {0: 2400}


def test_figures_that_a_contract_names_span_from_the_least_to_the_most_of_the_hour(tmp_path):
    def seen(low, high):
        figure = Figure("vsphere_vm_cpus", "vm", "5031-erp", "erp-db01", low, high)
        return {("vsphere_vm_cpus", "vm", "5031-erp"): figure}

    (found,) = written(tmp_path, replace(FIRST, figures=seen(4.0, 8.0)), replace(SECOND, figures=seen(2.5, 6.0)))
    assert found.figures == seen(2.5, 8.0)
