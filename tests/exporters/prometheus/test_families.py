"""Rules that every metric keeps."""

import re
import subprocess
import sys
from collections import Counter
from dataclasses import is_dataclass, replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pyVmomi import vim

from agent.model.about import About
from agent.model.alarm import TriggeredAlarm
from agent.model.cluster import ClusterComputeResource
from agent.model.counter_uses import DEFAULT_COUNTERS
from agent.model.datastore import Datastore, StoragePod
from agent.model.host import HostSystem, NumericSensor
from agent.model.inventory import Inventory
from agent.model.labelling import Labelling
from agent.model.licence import Licence
from agent.model.network import DistributedVirtualPortgroup, Network
from agent.model.property import fields_of
from agent.model.resource_pool import ResourcePool
from agent.model.tag_pair import TagPair
from agent.model.virtual_machine import VirtualMachine
from agent.model.world import World
from agent.simulator.counters import counters
from exporters.prometheus.catalogue import INVENTORY, PERFORMANCE, families
from exporters.prometheus.family import Kind
from exporters.prometheus.metrics import host, vm
from exporters.prometheus.page import Cache, render
from exporters.prometheus.reference import markdown
from tests.exporters.prometheus.filled_records import EPOCH, zeros
from tests.worlds import BIG_VM, NOW, WORLD, silent_world, with_inventory

ROOT = Path(__file__).parents[3]
FAMILIES = {family.name: (section, family) for section, family in families()}
OF_VCENTER = {family.name: family for section in INVENTORY for family in section.families}
RECORDS = (
    VirtualMachine,
    HostSystem,
    ClusterComputeResource,
    Datastore,
    StoragePod,
    ResourcePool,
    Network,
    DistributedVirtualPortgroup,
)
NOT_PROPERTIES = {
    "agent",
    "TLS handshake",
    "ledger",
    "health checks",
    "contract",
    "vendor's report",
    "vendor's bill",
    "vendor's incidents",
    "OptionManager event.maxAge",
    "REST cis/tagging/tag-association",
    "LicenseManager.licenses.properties.expirationDate",
}
COUNTERS = {counter.name: counter for counter in counters().values()}
MOST_SAMPLES_PER_VM = 54
"""of the inventory and the ledger"""
MOST_COUNTERS_PER_VM = 30
UNITS = "bytes|seconds|hertz|celsius|volts|amperes|watts|ratio|rpm"
COUNTED = {
    "accessible", "acknowledged", "alarms", "blocked", "capacity", "contradictions", "cores", "datastores", "enabled", "hosts",
    "access", "finding", "findings", "level", "mode", "mounts", "needed", "objects", "packages", "paths", "pending", "ports", "properties",
    "outages", "lines", "price", "incidents", "problem", "target", "measured", "reported", "false", "looks", "credit", "due", "protected", "required", "series", "snapshots", "socket", "sync", "threads", "up", "used", "valid", "vms", "cpus",
}  # fmt: skip
"""How a number without a unit may end: a thing that is counted, or a truth."""
STATES = {"state", "status", "heartbeat"}
AMBIGUOUS_LABELS = {"cluster", "datacenter", "host", "instance", "job", "datastore", "vm", "name", "id"}
MOVING = {
    "host_id",
    "host_name",
    "cluster_id",
    "cluster_name",
    "datastore_name",
    "folder",
    "resource_pool",
    "ip_address",
}


def samples(world):
    _, body = render(world, NOW, Cache()).body("", "")
    return [sample for family in text_string_to_metric_families(body.decode()) for sample in family.samples]


def shown(world):
    return {sample.name for sample in samples(world)}


def inventory_of_zeros() -> Inventory:
    """Every property of every object is told, and told to be nothing."""
    moids = {record: f"{record.__name__}-1" for record in RECORDS}
    readings = ("Degrees C", "RPM", "Volts", "Amps", "Watts")
    objects = {record: {moids[record]: zeros(record, moid=moids[record])} for record in RECORDS}
    sensors = tuple(zeros(NumericSensor, id=unit, base_units=unit) for unit in readings)
    host = replace(objects[HostSystem][moids[HostSystem]], sensors=sensors)
    # a datastore that cannot be reached has no size, so the two zeros are on two datastores
    datastore = replace(objects[Datastore][moids[Datastore]], accessible=None)
    # nor has a VM any usage that vCenter has lost
    vm = replace(objects[VirtualMachine][moids[VirtualMachine]], connection_state="connected")
    return Inventory(
        about=zeros(About),
        root_folder="x",
        confirmed_at=NOW,
        vms={vm.moid: vm},
        hosts={host.moid: host},
        clusters=objects[ClusterComputeResource],
        datastores={datastore.moid: datastore, "lost": zeros(Datastore, moid="lost", accessible=False)},
        storage_pods=objects[StoragePod],
        resource_pools=objects[ResourcePool],
        networks=objects[Network],
        portgroups=objects[DistributedVirtualPortgroup],
        licences=(zeros(Licence, id="x", expires=EPOCH),),
        custom_fields={0: "x"},
    )


def world_of_zeros() -> World:
    """That inventory, with everything on it that may be shown by name."""
    world = with_inventory(WORLD, inventory_of_zeros())
    tags = {f"{record.__name__}-1": (TagPair(category="x", tag="x"),) for record in RECORDS}
    labelling = Labelling(attributes=frozenset({"x"}), categories=frozenset({"x"}), tags=tags)
    return replace(world, targets={**world.targets, "vc1": replace(world.targets["vc1"], labelling=labelling)})


@pytest.mark.parametrize("name", FAMILIES)
def test_a_name_says_whose_what_and_in_which_base_unit(name):
    section, family = FAMILIES[name]
    assert re.fullmatch(r"(vsphere|checkmeter)(_[a-z]+)+", name)
    last = name.rpartition("_")[2]
    match family.kind:
        case Kind.COUNTER:
            assert last == "total"
        case Kind.INFO:
            assert last == "info"
        case Kind.GAUGE if "timestamp" not in name and (family.states or "state" in family.labels):
            assert last in STATES | COUNTED
        case Kind.GAUGE:
            assert re.fullmatch(UNITS, last) or last in COUNTED
    assert "timestamp" not in name or name.endswith("_timestamp_seconds")
    assert not re.search(r"_(mib|kib|gib|mb|mhz|ms|percent|mbit)\b", name)
    assert section.labels[:1] in {("vcenter",), ("contract",), ()}


@pytest.mark.parametrize("name", FAMILIES)
def test_no_label_is_one_that_scrape_configurations_use(name):
    section, family = FAMILIES[name]
    labels = (*section.labels, *family.labels)
    assert AMBIGUOUS_LABELS.isdisjoint(labels)
    assert len(set(labels)) == len(labels)
    assert all(re.fullmatch(r"[a-z][a-z_]*", label) for label in labels)


@pytest.mark.parametrize("name", [name for name, family in OF_VCENTER.items() if family.kind is not Kind.INFO])
def test_a_measurement_names_its_own_object_and_nothing_that_moves(name):
    section, family = FAMILIES[name]
    whose = section.labels[1].removesuffix("_id")
    assert name.startswith(f"vsphere_{whose}_")
    assert section.labels[:3] == ("vcenter", f"{whose}_id", f"{whose}_name")
    assert MOVING.isdisjoint((*section.labels[3:], *family.labels))


@pytest.mark.parametrize("name", FAMILIES)
def test_the_source_is_a_property_that_the_model_reads(name):
    _, family = FAMILIES[name]
    known = known_paths() | NOT_PROPERTIES | {f"QueryPerf {name}" for name in COUNTERS}
    assert family.source
    assert [origin.text for origin in family.source if origin.text not in known] == []
    assert family.documentation.endswith(f"[{', '.join(origin.text for origin in family.source)}]")
    assert re.match(r"[A-Z].*[.]$", family.help, re.DOTALL)
    assert "\n" not in family.help


def known_paths() -> set[str]:
    roots = {About: "ServiceContent.about", Licence: "LicenseManager.licenses"}
    roots[TriggeredAlarm] = "ManagedEntity.triggeredAlarmState"
    found: set[str] = set()
    for record in (*RECORDS, *roots):
        walk(record, roots.get(record) or record.vsphere_type.rpartition(".")[2], found, 0)
    return found


def walk(record, prefix: str, found: set[str], depth: int) -> None:
    for field in fields_of(record):
        path = ".".join((prefix, re.sub(r"\[.*?\]\.?", ".", field.source.path).strip("."))).replace("..", ".")
        found.add(path)
        if is_dataclass(field.element) and depth < 3:
            walk(field.element, path, found, depth + 1)


def test_zero_is_a_value_for_every_metric():
    assert OF_VCENTER.keys() - shown(world_of_zeros()) == set()


def test_what_vcenter_did_not_say_has_no_sample():
    told = shown(silent_world()) & OF_VCENTER.keys()
    assert {name for name in told if OF_VCENTER[name].kind is not Kind.INFO} == set()
    # what is seen is named, also where nothing else is known of it
    assert {"vsphere_vm_info", "vsphere_host_info", "vsphere_cluster_info", "vsphere_datastore_info"} <= told


def test_a_label_that_is_not_known_is_left_out():
    assert [sample.labels for sample in samples(silent_world()) if sample.name == "vsphere_vm_info"] == [
        {"vcenter": "vc1", "vm_id": "moid:vm-103", "vm_name": "", "moid": "vm-103"}
    ]


def test_a_vm_costs_no_more_samples_than_agreed():
    counted = {family.name for section in PERFORMANCE for family in section.families}
    of_vm = [one.name for one in samples(WORLD) if one.labels.get("vm_id") == BIG_VM.instance_uuid]
    assert 40 < sum(name not in counted for name in of_vm) <= MOST_SAMPLES_PER_VM
    assert 20 < sum(name in counted for name in of_vm) <= MOST_COUNTERS_PER_VM


@pytest.mark.parametrize("kind", DEFAULT_COUNTERS)
def test_a_counter_is_what_vsphere_calls_it_and_in_the_unit_it_has(kind):
    for use in DEFAULT_COUNTERS[kind]:
        counter = COUNTERS[use.name]
        assert (counter.unit, counter.statistic) == (use.unit, use.stats_type), use.name


def test_the_full_world_shows_every_metric():
    assert FAMILIES.keys() - shown(WORLD) == set()


@pytest.mark.parametrize(
    ("name", "enumeration"),
    [
        ("vsphere_vm_power_state", vim.VirtualMachine.PowerState),
        ("vsphere_vm_guest_heartbeat", vim.ManagedEntity.Status),
        ("vsphere_host_connection_state", vim.HostSystem.ConnectionState),
        ("vsphere_host_power_state", vim.HostSystem.PowerState),
        ("vsphere_host_ha_state", vim.cluster.DasFdmAvailabilityState),
        ("vsphere_host_overall_status", vim.ManagedEntity.Status),
        ("vsphere_cluster_overall_status", vim.ManagedEntity.Status),
        ("vsphere_datastore_overall_status", vim.ManagedEntity.Status),
        ("vsphere_datastore_maintenance_state", vim.Datastore.Summary.MaintenanceModeState),
    ],
)
def test_a_state_set_has_all_states_that_vsphere_knows(name, enumeration):
    assert set(FAMILIES[name][1].states) == set(enumeration.values)


@pytest.mark.parametrize(
    ("name", "enumeration"),
    [
        ("vsphere_vm_connection_state", vim.VirtualMachine.ConnectionState),
        ("vsphere_vm_guest_state", vim.vm.GuestInfo.GuestState),
        ("vsphere_vm_tools_running_state", vim.vm.GuestInfo.ToolsRunningStatus),
        ("vsphere_vm_tools_version_state", vim.vm.GuestInfo.ToolsVersionStatus),
    ],
)
def test_a_short_state_set_has_states_that_vsphere_knows_and_says_that_others_come_and_go(name, enumeration):
    family = FAMILIES[name][1]
    assert set(family.states) < set(enumeration.values)
    assert "Other states are there while they last." in family.help


def test_the_reference_is_fresh():
    fresh = (ROOT / "docs/metrics.md").read_text() == markdown()
    assert fresh, "run: python -m exporters.prometheus.reference > docs/metrics.md"


def test_the_reference_is_written_by_the_command_it_names():
    command = [sys.executable, "-m", "exporters.prometheus.reference"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout == markdown()


def test_the_reference_has_every_metric_once():
    listed = Counter(re.findall(r"^\| `(\w+)` \|", markdown(), re.MULTILINE))
    assert FAMILIES.keys() <= listed.keys()
    assert set(listed.values()) == {1}


@pytest.mark.parametrize(
    ("record", "family"),
    [
        pytest.param(section_record, family, id=family.name)
        for section_record, families in ((VirtualMachine, vm.SECTION.families), (HostSystem, host.SECTION.families))
        for family in families
        if family.reads is not None
    ],
)
def test_a_family_reads_no_field_that_it_does_not_name(record, family):
    """What is not named is not looked at when only it has changed."""
    filled, empty = zeros(record, moid="x-1", connection_state="connected"), record(moid="x-1")
    named = {name: getattr(filled, name) for name in family.reads}
    assert list(family.samples(replace(empty, **named))) == list(family.samples(filled)) != []
    assert family.reads <= set(record.__dataclass_fields__)
