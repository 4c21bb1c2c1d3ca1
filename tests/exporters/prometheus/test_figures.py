"""Metrics and health checks that a contract names become figures that the ledger can keep."""

from datetime import timedelta

from agent.model.facts import Figure
from exporters.prometheus.figures import figures, recordable
from tests.worlds import BIG_VM, NOW, TARGET


def told(*names: str, now=NOW) -> list[Figure]:
    return list(figures(TARGET, now, names))


def test_a_gauge_is_told_of_each_object_with_its_id_and_name() -> None:
    found = {one.object_id: one for one in told("vsphere_vm_cpus")}
    assert found[BIG_VM.instance_uuid] == Figure(
        "vsphere_vm_cpus", "vm", BIG_VM.instance_uuid, BIG_VM.name, BIG_VM.cpus, BIG_VM.cpus
    )


def test_states_are_told_apart_by_their_labels() -> None:
    found = {one.object_id: one.most for one in told("vsphere_host_connection_state")}
    assert found["host-11/connected"] == 1
    assert found["host-11/notResponding"] == 0


def test_a_health_check_tells_how_many_objects_it_found_something_of() -> None:
    assert told("check:vm_snapshot_old", "check:licence_expiring") == [
        Figure("check:vm_snapshot_old", "found", "*", "*", 3, 3),
        Figure("check:vm_snapshot_old", "untold", "*", "*", 0, 0),
        Figure("check:licence_expiring", "found", "*", "*", 0, 0),
        Figure("check:licence_expiring", "untold", "*", "*", 1, 1),
    ]


def test_nothing_is_told_of_what_is_stale_or_was_not_asked_for() -> None:
    assert told("vsphere_vm_cpus", now=NOW + timedelta(hours=1)) == []
    assert told() == []
    assert told("vsphere_no_such_metric") == []


def test_counters_and_facts_without_an_object_cannot_be_promised() -> None:
    assert "vsphere_vm_cpus" in recordable()
    assert not {name for name in recordable() if name.endswith(("_total", "_info")) or name.startswith("checkmeter_")}
