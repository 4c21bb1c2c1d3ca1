"""What is on the page when, and what a rendering takes over from the one before."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from agent.collectors.object_store import SLOTS
from agent.model.inventory import Unreadable
from agent.model.virtual_machine import GuestDisk
from exporters.prometheus.page import Cache, render
from tests.world_vms import ALARM
from tests.worlds import AWKWARD_VM, BIG_VM, INVENTORY, NOW, READ, TARGET, WORLD, with_inventory, with_vm


def samples(world=WORLD, now=NOW):
    """Value by name and labels."""
    _, body = render(world, now, Cache()).body("", "")
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(body.decode())
        for sample in family.samples
    }


def names(world=WORLD, now=NOW):
    return {key[0] for key in samples(world, now)}


def value(name, world=WORLD, now=NOW, **labels):
    """The value of the one sample that has these labels; None without one."""
    found = [
        number for key, number in samples(world, now).items() if key[0] == name and set(labels.items()) <= set(key[1:])
    ]
    assert len(found) < 2
    return found[0] if found else None


def test_values_of_vcenter_leave_the_page_when_they_are_stale_and_those_of_the_agent_stay():
    just_in_time, too_late = NOW + timedelta(seconds=180), NOW + timedelta(seconds=181)
    assert names(now=just_in_time) == names()
    left = {name for name in names(now=too_late) if name.startswith("vsphere_")}
    # what the ledger says, and what claims are judged from it, is dated by itself
    dated = ("_ledger_", "_claim_", "_sla_", "_billing_", "_incidents")
    live = {name for name in left if not any(part in name for part in dated)}
    assert live == {"vsphere_vcenter_certificate_expiry_timestamp_seconds"}
    assert {name for name in names() if name.startswith("checkmeter_")} <= names(now=too_late)


def test_values_that_are_polled_leave_alone_when_only_the_poll_is_late():
    late = replace(READ, last_success=NOW - timedelta(hours=1))
    target = replace(TARGET, collectors={**TARGET.collectors, "quick": late})
    gone = names() - names(replace(WORLD, targets={"vc1": target, "vc2": WORLD.targets["vc2"]}))
    assert {"vsphere_vm_cpu_usage_hertz", "vsphere_datastore_free_bytes", "vsphere_cluster_vmotions_total"} <= gone
    assert gone.isdisjoint({"vsphere_vm_power_state", "vsphere_vm_info", "vsphere_vm_snapshot_size_bytes"})


def test_values_come_back_when_the_poll_does():
    cache, late = Cache(), replace(READ, last_success=NOW - timedelta(hours=1))
    target = replace(TARGET, collectors={**TARGET.collectors, "quick": late})
    before = render(WORLD, NOW, cache).body("", "")
    meanwhile = render(replace(WORLD, targets={**WORLD.targets, "vc1": target}), NOW, cache).body("", "")
    assert b"vsphere_vm_cpu_usage_hertz{" in before[1]
    assert b"vsphere_vm_cpu_usage_hertz{" not in meanwhile[1]
    assert render(WORLD, NOW, cache).body("", "") == before


def test_rendering_again_gives_what_rendering_anew_gives():
    cache = Cache()
    renamed = with_vm(WORLD, replace(BIG_VM, name="skole-db02", cpu_usage_mhz=1))
    moved = with_vm(renamed, replace(BIG_VM, host="host-12"))
    fewer = with_inventory(WORLD, replace(INVENTORY, vms={"vm-102": AWKWARD_VM}))
    unknown = with_inventory(WORLD, replace(INVENTORY, hosts={}))
    gone = replace(WORLD, targets={"vc2": WORLD.targets["vc2"]})
    twice = replace(WORLD, targets={**WORLD.targets, "vc3": replace(TARGET, name="vc3")})
    for world in (WORLD, WORLD, renamed, moved, fewer, unknown, gone, twice, gone, WORLD):
        again, anew = render(world, NOW, cache), render(world, NOW, Cache())
        for accept in ("", "application/openmetrics-text"):
            assert again.body(accept, "") == anew.body(accept, "")
            assert again.body(accept, "gzip") == anew.body(accept, "gzip")


@pytest.mark.parametrize("kind", [kind for kind in SLOTS if getattr(INVENTORY, kind)])
def test_whatever_field_of_an_object_changes_rendering_again_gives_what_rendering_anew_gives(kind):
    alone = replace(WORLD, targets={"vc1": TARGET}, claims=None)
    cache = Cache()
    moid, before = next(iter(getattr(INVENTORY, kind).items()))
    for one in fields(before):
        changed = {"moid": "other-1", "name": "another"}.get(one.name)
        objects = {**getattr(INVENTORY, kind), moid: replace(before, **{one.name: changed})}
        world = with_inventory(alone, replace(INVENTORY, **{kind: objects}))
        assert render(world, NOW, cache).gzip_text == render(world, NOW, Cache()).gzip_text, one.name


def test_a_family_of_which_nothing_changed_is_not_written_again():
    cache = Cache()
    before = {block.name: block for block in render(WORLD, NOW, cache).blocks}
    changed = with_vm(WORLD, replace(BIG_VM, cpu_usage_mhz=1))
    after = {block.name: block for block in render(changed, NOW, cache).blocks}
    assert [name for name, block in after.items() if block is not before[name]] == ["vsphere_vm_cpu_usage_hertz"]


def test_a_family_that_is_written_again_to_the_same_letters_is_not_compressed_again():
    cache = Cache()
    before = {block.name: block for block in render(WORLD, NOW, cache).blocks}
    # the sum of the disks is the same, and the field that it is made from is not
    same_sum = with_vm(WORLD, replace(BIG_VM, disks=(*BIG_VM.disks, replace(BIG_VM.disks[0], capacity_bytes=0))))
    after = {block.name: block for block in render(same_sum, NOW, cache).blocks}
    assert after["vsphere_vm_disk_provisioned_bytes"] is before["vsphere_vm_disk_provisioned_bytes"]


def test_what_is_gone_is_not_kept_in_memory():
    cache = Cache()
    render(WORLD, NOW, cache)
    render(replace(WORLD, targets={"vc2": WORLD.targets["vc2"]}), NOW, cache)
    assert {vcenter for _, vcenter in cache.drawn} == {"vc2", ""}
    assert sum(block.samples for name, block in cache.blocks.items() if name.startswith("vsphere_vm_")) == 0


def test_a_state_outside_the_set_is_a_state_of_its_own_beside_the_whole_set():
    odd = with_vm(WORLD, replace(BIG_VM, power_state="hibernating"))
    states = {
        dict(key[1:])["state"]: number
        for key, number in samples(odd).items()
        if key[0] == "vsphere_vm_power_state" and ("vm_name", BIG_VM.name) in key
    }
    assert states == {"poweredOn": 0, "poweredOff": 0, "suspended": 0, "hibernating": 1}


def test_no_snapshots_is_zero_but_no_answer_is_nothing():
    assert value("vsphere_vm_snapshots", vm_name=AWKWARD_VM.name) == 0
    assert value("vsphere_vm_snapshots", vm_id="moid:vm-103") is None
    assert value("vsphere_vm_snapshot_oldest_timestamp_seconds", vm_name=AWKWARD_VM.name) is None


def test_no_question_is_zero_but_a_refused_answer_is_nothing():
    refused = Unreadable(
        vsphere_type="VirtualMachine",
        moid="vm-101",
        path="runtime.question.text",
        fault="NoPermission",
        privilege="System.Read",
    )
    unreadable = with_inventory(WORLD, replace(INVENTORY, unreadable=(refused,)))
    assert value("vsphere_vm_question_pending", vm_name=AWKWARD_VM.name) == 1
    assert value("vsphere_vm_question_pending", vm_name=BIG_VM.name) == 0
    assert value("vsphere_vm_question_pending", unreadable, vm_name=BIG_VM.name) is None


def test_an_alarm_is_counted_only_on_the_object_it_stands_on():
    inherited = replace(ALARM, entity="host-11", key="alarm-8.host-11")
    both = with_vm(WORLD, replace(BIG_VM, alarms=(ALARM, inherited)))
    assert value("vsphere_vm_alarms", both, vm_name=BIG_VM.name) == 1
    assert value("vsphere_vm_alarms", vm_name=AWKWARD_VM.name) == 0


def test_two_file_systems_of_one_path_do_not_cost_the_whole_page():
    disks = (GuestDisk(path="/", capacity_bytes=1), GuestDisk(path="/", capacity_bytes=2), GuestDisk(capacity_bytes=3))
    twice = with_vm(WORLD, replace(BIG_VM, guest_disks=disks))
    _, body = render(twice, NOW, Cache()).body("", "")
    assert body.count(b'vsphere_vm_guest_disk_capacity_bytes{path="/"') == 1
    assert value("vsphere_vm_guest_disk_capacity_bytes", twice, path="/") == 1


def test_a_datastore_that_nobody_reaches_has_no_size():
    assert value("vsphere_datastore_accessible", datastore_name="NFS-01") == 0
    assert value("vsphere_datastore_capacity_bytes", datastore_name="NFS-01") is None
    assert value("vsphere_datastore_free_bytes", datastore_name="SAN-01") == 0


def test_a_vm_that_vcenter_has_lost_has_no_usage():
    lost = with_vm(WORLD, replace(BIG_VM, connection_state="disconnected"))
    assert value("vsphere_vm_cpu_usage_hertz", vm_name=BIG_VM.name) is not None
    assert value("vsphere_vm_cpu_usage_hertz", lost, vm_name=BIG_VM.name) is None
    assert value("vsphere_vm_uptime_seconds", lost, vm_name=BIG_VM.name) is None
    assert value("vsphere_vm_cpus", lost, vm_name=BIG_VM.name) is not None


def test_a_move_changes_the_placement_and_no_measurement():
    before, after = samples(), samples(with_vm(WORLD, replace(BIG_VM, host="host-12")))
    assert {key[0] for key in before.keys() ^ after.keys()} == {"vsphere_vm_placement_info"}


def test_two_sensors_of_one_id_are_kept_apart():
    assert value("vsphere_host_sensor_fan_speed_rpm", sensor_id="0.2") == 0
    assert value("vsphere_host_sensor_fan_speed_rpm", sensor_id="0.2#2") == 7200


def test_readings_are_in_base_units():
    assert value("vsphere_host_sensor_temperature_celsius", sensor_id="0.1") == 41.5
    assert value("vsphere_host_sensor_temperature_celsius", sensor_id="0.6") == 100
    assert value("vsphere_host_sensor_current_amperes", sensor_id="0.3") == 3.3
    assert value("vsphere_host_network_interface_speed_bytes", interface="vmnic0") == 25e9 / 8
    assert value("vsphere_host_cpu_capacity_hertz", host_id="host-11") == 64 * 2.1e9
    assert value("vsphere_vm_memory_size_bytes", vm_name="skole-db01") == 32 * 2**30
    assert value("vsphere_vm_cpu_limit_hertz", vm_name="skole-db01") == float("inf")
    assert value("vsphere_cluster_drs_score_ratio") == 0.83
    assert value("vsphere_vm_boot_timestamp_seconds") == (NOW - timedelta(days=41, seconds=7)).timestamp()


def test_every_kind_of_problem_is_told_and_only_the_present_one_is_true():
    kinds = {
        dict(key[1:])["kind"]: number
        for key, number in samples().items()
        if key[0] == "checkmeter_vcenter_problem" and ("vcenter", "vc2") in key
    }
    assert [kind for kind, there in kinds.items() if there] == ["login_refused"]
    assert {"unreachable", "not_trusted", "credential", "not_permitted", "fault"} <= set(kinds)
    assert value("checkmeter_vcenter_problem", vcenter="vc1", kind="login_refused") == 0


def test_what_could_not_be_read_is_counted_with_the_privilege_that_lacks():
    labels = {"object": "VirtualMachine", "property": "runtime.question.text", "privilege": "System.Read"}
    assert value("checkmeter_unreadable_properties", **labels) == 1
    assert value("checkmeter_skipped_objects", object="HostSystem") == 1
