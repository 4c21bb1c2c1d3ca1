"""What the simulated municipality consists of."""

import ssl
from datetime import UTC, datetime, timedelta

import pytest
from pyVmomi import vim

from agent.simulator.estate import custom_fields, licences, municipality, standalone_esxi
from agent.simulator.objects import Estate
from agent.simulator.schema import id_of

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
VM, HOST = vim.VirtualMachine, vim.HostSystem


def made(seed=7, **size):
    estate = Estate(seed, lambda: NOW)
    municipality(estate, **size)
    return estate


@pytest.fixture(scope="module")
def estate():
    return made()


def vms_where(estate, path, wanted):
    return [vm for vm in estate.ids(VM) if wanted(estate.get(vm, path))]


def devices(estate, type_):
    return [
        (vm, device)
        for vm in estate.ids(VM)
        for device in estate.get(vm, "config.hardware.device")
        if isinstance(device, type_)
    ]


def test_the_default_estate_has_80_vms_on_6_hosts_in_2_clusters(estate):
    assert len(estate.ids(VM)) == 80
    assert len(estate.ids(HOST)) == 6
    names = [estate.get(one, "name") for one in estate.ids(vim.ClusterComputeResource)]
    assert names == ["KOMMUNE-PROD", "KOMMUNE-TEST"]
    assert [estate.get(one, "name") for one in estate.ids(vim.Datacenter)] == ["Rådhuset DC1"]


def test_some_names_have_danish_letters_and_two_vms_share_a_name_in_different_folders(estate):
    names = [estate.get(vm, "name") for vm in estate.ids(VM)]
    assert {"esdh-søg01", "bygge-ansøgning01", "økonomi-app01"} <= set(names)
    twins = [vm for vm in estate.ids(VM) if names.count(estate.get(vm, "name")) > 1]
    assert len(twins) == 2
    assert len({id_of(estate.get(vm, "parent")) for vm in twins}) == 2


@pytest.mark.parametrize(
    ("path", "value", "number"),
    [
        ("config.template", True, 2),
        ("runtime.connectionState", "orphaned", 1),
        ("runtime.connectionState", "inaccessible", 1),
        ("runtime.powerState", "suspended", 1),
        ("runtime.consolidationNeeded", True, 1),
        ("guest.toolsStatus", "toolsNotInstalled", 1),
        ("guest.toolsVersionStatus2", "guestToolsTooOld", 1),
        ("guest.toolsVersionStatus2", "guestToolsNeedUpgrade", 1),
        ("runtime.faultToleranceState", "needSecondary", 1),
    ],
)
def test_there_is_exactly_one_vm_of_each_kind_of_trouble(estate, path, value, number):
    assert len(vms_where(estate, path, lambda found: found == value)) == number


def test_one_running_vm_has_stopped_tools(estate):
    found = [
        vm
        for vm in vms_where(estate, "guest.toolsStatus", lambda status: status == "toolsNotRunning")
        if estate.get(vm, "runtime.powerState") == "poweredOn"
    ]
    assert [estate.get(vm, "guest.disk") for vm in found] == [[]]


def test_snapshots_are_old_chained_or_fresh(estate):
    ages = {}
    for vm in vms_where(estate, "snapshot", lambda found: found is not None):
        nodes, below = [], estate.get(vm, "snapshot.rootSnapshotList")
        while below:
            nodes.append(below[0])
            below = below[0].childSnapshotList
        ages[vm] = [NOW - node.createTime for node in nodes]
    assert sorted(len(chain) for chain in ages.values()) == [1, 1, 3]
    assert max(age for chain in ages.values() for age in chain) == timedelta(days=400)
    assert min(age for chain in ages.values() for age in chain) < timedelta(hours=1)


def test_one_guest_disk_and_one_datastore_are_nearly_full(estate):
    free = [disk.freeSpace / disk.capacity for vm in estate.ids(VM) for disk in estate.get(vm, "guest.disk")]
    assert [share for share in free if share < 0.05] == [pytest.approx(0.021, abs=0.001)]
    used = [
        1 - estate.get(one, "summary.freeSpace") / estate.get(one, "summary.capacity")
        for one in estate.ids(vim.Datastore)
    ]
    assert [share for share in used if share > 0.9] == [pytest.approx(0.94, abs=0.001)]


def test_disks_and_cards_of_every_kind_are_there(estate):
    kinds = {
        type(device.backing).__name__.rpartition(".")[2] for _, device in devices(estate, vim.vm.device.VirtualDisk)
    }
    assert any("RawDiskMapping" in kind for kind in kinds)
    assert any("FlatVer2" in kind for kind in kinds)
    flat = [d.backing for _, d in devices(estate, vim.vm.device.VirtualDisk) if hasattr(d.backing, "thinProvisioned")]
    assert {backing.thinProvisioned for backing in flat} == {True, False}
    assert any(backing.sharing == "sharingMultiWriter" for backing in flat)
    assert len(devices(estate, vim.vm.device.VirtualE1000)) == 1
    assert len(devices(estate, vim.vm.device.VirtualVmxnet3)) > 70
    connected = [vm for vm, device in devices(estate, vim.vm.device.VirtualCdrom) if device.connectable.connected]
    assert len(connected) == 1


def test_one_vm_is_limited_below_what_it_has(estate):
    limited = vms_where(estate, "config.memoryAllocation.limit", lambda limit: limit > 0)
    assert [estate.get(vm, "config.cpuAllocation.limit") for vm in limited] == [4000]
    assert estate.get(limited[0], "config.memoryAllocation.limit") < estate.get(limited[0], "config.hardware.memoryMB")
    assert estate.get(limited[0], "summary.quickStats.balloonedMemory") > 0


def test_hosts_have_one_dead_path_one_link_down_and_one_yellow_sensor(estate):
    dead, down, yellow = [], [], []
    for host in estate.ids(HOST):
        for lun in estate.get(host, "config.storageDevice.multipathInfo.lun"):
            dead += [path.name for path in lun.path if path.state == "dead"]
        down += [nic.device for nic in estate.get(host, "config.network.pnic") if nic.linkSpeed is None]
        sensors = estate.get(host, "runtime.healthSystemRuntime.systemHealthInfo.numericSensorInfo")
        assert len(sensors) == 20
        yellow += [sensor.name for sensor in sensors if sensor.healthState.key == "yellow"]
    assert (len(dead), len(down), len(yellow)) == (1, 1, 1)


def test_host_certificates_can_be_read_and_one_expires_soon(estate, tmp_path):
    left = []
    for number, host in enumerate(estate.ids(HOST)):
        file = tmp_path / f"{number}.pem"
        file.write_bytes(bytes(estate.get(host, "config.certificate")))
        # the decoder that the ssl module offers its own tests: no third-party library needed here
        decoded = ssl._ssl._test_decode_cert(str(file))
        assert dict(pair for (pair,) in decoded["subject"])["commonName"] == estate.get(host, "name")
        left.append(ssl.cert_time_to_seconds(decoded["notAfter"]) - NOW.timestamp())
    assert min(round(seconds / 86400) for seconds in left) == 41


def test_alarms_show_on_the_entity_and_on_everything_above_it(estate):
    fan = next(
        host
        for host in estate.ids(HOST)
        if any(id_of(state.alarm) == "alarm-24" for state in estate.get(host, "triggeredAlarmState"))
    )
    for holder in [fan, *estate.ancestors(fan)]:
        keys = {state.key for state in estate.get(holder, "triggeredAlarmState")}
        assert f"alarm-24.{fan.removeprefix('host-')}" in keys, holder
    for state in estate.get("group-d1", "triggeredAlarmState"):
        assert id_of(state.alarm) in estate


def test_custom_attributes_have_definitions_and_values(estate):
    names = {field.key: field.name for field in custom_fields()}
    assert set(names.values()) == {"Owner", "Last backup", "Cost centre", "System"}
    for moid in estate.ids(VM, HOST):
        assert {value.key for value in estate.get(moid, "customValue")} <= set(names)
    stale = [
        value.value
        for vm in estate.ids(VM)
        for value in estate.get(vm, "customValue")
        if names[value.key] == "Last backup" and NOW - datetime.fromisoformat(value.value) > timedelta(days=3)
    ]
    assert len(stale) == 1


def test_licences_are_assigned_to_every_host_and_one_is_overused(estate):
    assert {one.entityId for one in estate.licence_assignments} == {"vcenter", *estate.ids(HOST)}
    assert [licence.name for licence in licences(estate) if (licence.used or 0) > licence.total] == [
        "VMware vSphere Foundation 8"
    ]


def test_the_same_seed_gives_the_same_estate_and_another_seed_another():
    first, second, other = made(3), made(3), made(4)
    assert {moid: repr(sorted(entry.props.items())) for moid, entry in first.entries.items()} == {
        moid: repr(sorted(entry.props.items())) for moid, entry in second.entries.items()
    }
    assert [str(event) for event in first.events] == [str(event) for event in second.events]
    uuids = [[estate.get(vm, "config.uuid") for vm in estate.ids(VM)] for estate in (first, other)]
    assert uuids[0] != uuids[1]


def test_hostile_names_are_there_only_on_request():
    def names(estate):
        return {estate.get(vm, "name") for vm in estate.ids(VM)}

    hostile = "<script>alert(1)</script>"
    assert hostile in names(made(hostile_names=True))
    assert hostile not in names(made())


def test_a_larger_estate_has_more_hosts_clusters_and_datastores():
    estate = made(vms=800)
    assert len(estate.ids(VM)) == 800
    hosts = len(estate.ids(HOST))
    assert hosts == 21
    assert len(estate.ids(vim.ClusterComputeResource)) >= 3
    assert len(estate.ids(vim.Datastore)) > 30


def test_fewer_vms_than_a_municipality_has_are_refused():
    with pytest.raises(ValueError, match="at least 20"):
        made(vms=5)


def test_a_standalone_host_has_vms_whose_ids_are_numbers():
    estate = Estate(7, lambda: NOW)
    standalone_esxi(estate)
    assert estate.ids(HOST) == ["ha-host"]
    assert estate.ids(VM) == ["1", "2", "3", "4", "5", "6"]
    assert id_of(estate.get("ha-host", "parent")) == "ha-compute-res"
    assert estate.ancestors("1")[-1] == "ha-folder-root"
