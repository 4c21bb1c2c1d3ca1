"""The page under vmware_exporter's names, from worlds made by hand."""

import csv
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from agent.model.alarm import AlarmDefinition, TriggeredAlarm
from agent.model.datastore import Datastore
from agent.model.host import HardwareElement, HostSystem, NumericSensor
from agent.model.performance import EntityPerformance, GaugeReading
from agent.model.snapshot import SnapshotNode
from agent.model.virtual_machine import CustomValue, VirtualMachine
from agent.model.vmware_exporter_counters import VMWARE_EXPORTER_COUNTERS
from exporters.vmware_exporter.page import SECTIONS, Wanted, families, render
from exporters.vmware_exporter.seen import DATASTORE_LABELS, HOST_LABELS, VM_LABELS
from tests.exporters.vmware_exporter.side_by_side import read
from tests.worlds import NOW, TARGET

FAMILIES = list(csv.DictReader(Path(__file__).with_name("families.csv").read_text().splitlines()))
IDENTITY = {"vm": VM_LABELS, "host": HOST_LABELS, "datastore": DATASTORE_LABELS}
WITHOUT_ALARMS, ALL = Wanted(), Wanted(alarms=True)


def page(wanted=WITHOUT_ALARMS, target=TARGET, **inventory):
    target = replace(target, inventory=replace(target.inventory, **inventory))
    made = render(target, NOW, wanted)
    assert made is not None
    return read(made.decode())


def sample(found, name, /, **labels):
    (value,) = [value for own, value in found[name].items() if labels.items() <= dict(own).items()]
    return value


def by_moid(*objects):
    return {one.moid: one for one in objects}


def vm(moid, **fields):
    return VirtualMachine(moid=moid, **{"name": moid, "host": "host-11", "power_state": "poweredOn", **fields})


def host(moid="host-1", **fields):
    return HostSystem(moid=moid, **{"name": "esx1", "power_state": "poweredOn", **fields})


def test_there_are_the_95_families_with_that_programs_own_labels():
    offered = {
        family.name: {*IDENTITY[kind], *family.labels} for kind, found in families(ALL).items() for family in found
    }
    assert offered == {row["name"]: set(row["labels"].split(";")) for row in FAMILIES}
    assert len(offered) == 95


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_brings_its_own_families_and_no_others(section):
    offered = {one.name for found in families(Wanted(sections=frozenset({section}))).values() for one in found}
    without_alarms = [row for row in FAMILIES if not row["name"].endswith("_alarms")]
    assert offered == {row["name"] for row in without_alarms if row["section"] == section}


def test_a_machine_that_is_off_or_suspended_is_0_and_has_no_boot_time_and_no_counters():
    counted = {"cpu.usage.average": 1234}
    found = page(
        target=replace(TARGET, performance=newest("vm", "moid:vm-1", counted)),
        vms=by_moid(vm("vm-1", boot_time=NOW), vm("vm-2", power_state="suspended", boot_time=NOW)),
    )
    assert sample(found, "vmware_vm_power_state", vm_name="vm-1") == 1
    assert sample(found, "vmware_vm_power_state", vm_name="vm-2") == 0
    assert sample(found, "vmware_vm_boot_timestamp_seconds") == NOW.timestamp()
    assert sample(found, "vmware_vm_cpu_usage_average") == 1234, "percent times 100, as vCenter has it"


def newest(kind, entity, values):
    gauges = {(name, ""): GaugeReading(latest=value, peak=value, at_s=0) for name, value in values.items()}
    return replace(TARGET.performance, entities={kind: {entity: EntityPerformance(gauges=gauges)}})


def test_counters_that_this_vcenter_does_not_have_cost_no_other():
    counters = dict.fromkeys(VMWARE_EXPORTER_COUNTERS["host"][1:], 7)
    found = page(target=replace(TARGET, performance=newest("host", "host-1", counters)), hosts=by_moid(host()))
    values = [found[f"vmware_host_{name.replace('.', '_')}"] for name in VMWARE_EXPORTER_COUNTERS["host"]]
    assert [len(one) for one in values] == [0] + [1] * 23


def test_counters_leave_the_page_when_they_are_stale():
    late = replace(TARGET.collectors["performance"], last_success=NOW - timedelta(hours=1))
    target = replace(
        TARGET,
        performance=newest("host", "host-1", {"cpu.ready.summation": 5}),
        collectors={**TARGET.collectors, "performance": late},
    )
    assert page(target=target, hosts=by_moid(host()))["vmware_host_cpu_ready_summation"] == {}


def test_two_machines_of_one_name_in_one_place_are_told_apart_and_others_keep_their_names():
    found = page(vms=by_moid(vm("vm-1", name="db"), vm("vm-2", name="db"), vm("vm-3", name="web")))
    names = {dict(labels)["vm_name"] for labels in found["vmware_vm_power_state"]}
    assert names == {"db (vm-1)", "db (vm-2)", "web"}


def test_a_machine_is_labelled_with_the_datastore_of_its_configuration_and_where_it_runs():
    found = page(
        hosts=by_moid(host("host-1", name="esx1.example.", parent="domain-s1"), *TARGET.inventory.hosts.values()),
        vms=by_moid(
            vm("vm-1", host="host-1", vmx_path="[Fast SAN] vm-1/vm-1.vmx"),
            vm("vm-2", host="host-99", vmx_path=None),
            vm("vm-3", host=None),
            vm("vm-4", vmx_path="[SAN] a.vmx"),
        ),
    )
    places = {
        dict(labels)["vm_name"]: tuple(dict(labels)[name] for name in VM_LABELS[1:])
        for labels in found["vmware_vm_power_state"]
    }
    assert places["vm-1"] == ("Fast SAN", "esx1.example", "", "")
    assert places["vm-2"] == ("n/a", "n/a", "n/a", "n/a"), "a host that is not visible"
    assert "vm-3" not in places, "one that is being cloned"
    assert places["vm-4"][3] == TARGET.inventory.clusters["domain-c8"].name


def test_snapshots_are_counted_with_those_below_and_are_absent_where_there_are_none():
    same = SnapshotNode(moid="snapshot-2", name="nightly", created=NOW)
    tree = (SnapshotNode(moid="snapshot-1", name="nightly", created=NOW, children=(same,)),)
    found = page(vms=by_moid(vm("vm-1", snapshots=tree), vm("vm-2", snapshots=())))
    assert sample(found, "vmware_vm_snapshots") == 2
    names = {dict(labels)["vm_snapshot_name"] for labels in found["vmware_vm_snapshot_timestamp_seconds"]}
    assert names == {"nightly (snapshot-1)", "nightly (snapshot-2)"}


def test_alarms_are_counted_by_colour_and_named_in_a_label():
    alarms = tuple(
        TriggeredAlarm(key=f"k{n}", alarm=alarm, status=colour)
        for n, (alarm, colour) in enumerate((("alarm-1", "red"), ("alarm-2", "red"), ("alarm-1", "yellow")))
    )
    found = page(
        ALL,
        vms=by_moid(vm("vm-1", alarms=alarms), vm("vm-2")),
        alarm_definitions=by_moid(
            AlarmDefinition(moid="alarm-1", name="VM CPU", system_name="alarm.VmCPUUsageAlarm"),
            AlarmDefinition(moid="alarm-2", name="Our own alarm"),
        ),
    )
    assert sample(found, "vmware_vm_red_alarms", vm_name="vm-1") == 2
    assert sample(found, "vmware_vm_red_alarms", alarms="triggeredAlarm:VmCPUUsageAlarm,triggeredAlarm:Our own alarm")
    assert sample(found, "vmware_vm_yellow_alarms", vm_name="vm-1", alarms="triggeredAlarm:VmCPUUsageAlarm") == 1
    assert sample(found, "vmware_vm_red_alarms", vm_name="vm-2", alarms="n/a") == 0


def test_custom_attributes_become_labels_only_where_they_were_named_each_with_its_own_value():
    inventory = {
        "custom_fields": {1: "Cost centre", 2: "Owner", 3: "Secret"},
        "vms": by_moid(
            vm("vm-1", custom_values=(CustomValue(key=2, value="Anne"), CustomValue(key=3, value="x"))),
            vm("vm-2", custom_values=(CustomValue(key=1, value="4711"),)),
        ),
    }
    found = page(Wanted(attributes=("Owner", "Cost centre")), **inventory)
    one, two = (
        next(dict(labels) for labels in found["vmware_vm_power_state"] if dict(labels)["vm_name"] == name)
        for name in ("vm-1", "vm-2")
    )
    assert (one["Owner"], one["Cost_centre"]) == ("Anne", "n/a")
    assert (two["Owner"], two["Cost_centre"]) == ("n/a", "4711")
    assert "Secret" not in one
    everything = page(Wanted(attributes=("*",)), **inventory)
    assert any(dict(labels).get("Secret") == "x" for labels in everything["vmware_vm_power_state"])


def test_a_datastore_that_is_lost_has_no_size_and_unknown_growth_no_sum():
    found = page(
        datastores=by_moid(
            Datastore(moid="ds-1", name="gone", accessible=False, capacity_bytes=10, free_bytes=5),
            Datastore(moid="ds-2", name="nfs", accessible=True, capacity_bytes=10, free_bytes=4),
            Datastore(
                moid="ds-3", name="san", accessible=True, capacity_bytes=10, free_bytes=4, uncommitted_bytes=3, vms=()
            ),
        )
    )
    assert sample(found, "vmware_datastore_accessible", ds_name="gone") == 0
    assert {dict(labels)["ds_name"] for labels in found["vmware_datastore_capacity_size"]} == {"nfs", "san"}
    assert sample(found, "vmware_datastore_provisoned_size") == 9
    assert sample(found, "vmware_datastore_vms") == 0
    assert sample(found, "vmware_datastore_maintenance_mode", ds_name="san", mode="unknown") == 1


def test_a_host_that_vcenter_lost_keeps_its_states_and_tells_no_sizes():
    found = page(hosts=by_moid(host(power_state="unknown", connection_state="notResponding", cpu_cores=8, cpu_mhz=10)))
    assert sample(found, "vmware_host_power_state") == 0
    assert sample(found, "vmware_host_connection_state", state="notResponding") == 1
    assert sample(found, "vmware_host_standby_mode", standby_mode_state="unknown") == 0
    assert found["vmware_host_cpu_max"] == {}


def test_sensors_are_told_apart_read_in_their_units_and_may_have_commas_in_their_names():
    def sensor(number, unit, value, **fields):
        told = {"name": "Fan, left", "kind": "fan", "health": "Green", "unit_modifier": -2, **fields}
        return NumericSensor(id=f"{number}.1", base_units=unit, current_reading=value, **told)

    found = page(
        hosts=by_moid(
            host(
                sensors=(
                    sensor(1, "RPM", 680_000),
                    sensor(2, "RPM", 700_000, health="Red"),
                    sensor(3, "Degrees C", 2150, name="Inlet", kind="temperature"),
                    sensor(4, "redundancy-discrete", 1, name="Power", unit_modifier=0),
                ),
                cpu_health=(HardwareElement(name="CPU 1", status="Yellow"),),
            )
        )
    )
    assert sample(found, "vmware_host_sensor_fan", name="Fan, left (1.1)") == 6800
    assert sample(found, "vmware_host_sensor_state", name="Fan, left (2.1)", type="fan") == 0
    assert sample(found, "vmware_host_sensor_temperature", name="Inlet") == 21.5
    assert sample(found, "vmware_host_sensor_redundancy", name="Power") == 1
    assert sample(found, "vmware_host_sensor_state", name="CPU 1", type="n/a") == 1


def test_nothing_is_shown_of_a_vcenter_that_has_been_silent():
    assert render(TARGET, NOW + timedelta(hours=1), ALL) is None
