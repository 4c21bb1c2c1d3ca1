"""Decoding XML as vCenter writes it into the model."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest

from agent.model.cluster import ClusterComputeResource
from agent.model.datastore import Datastore
from agent.model.host import HostSystem
from agent.model.inventory import Skipped, Unreadable
from agent.model.snapshot import flatten
from agent.model.virtual_machine import VirtualMachine
from agent.vcenter.changes import Change, decode_content, record_for

ENVELOPE = (
    '<{tag} xmlns="urn:vim25" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema">{kind}<obj type="{type}">{moid}</obj>{body}</{tag}>'
)


def content(type_: str, moid: str, body: str, asked: dict[type, tuple[str, ...]] | None = None) -> Change:
    text = ENVELOPE.format(tag="objects", kind="", type=type_, moid=moid, body=body)
    return decode_content(ET.fromstring(text), asked or {})


def update(kind: str, body: str) -> Change:
    text = ENVELOPE.format(tag="objectSet", kind=f"<kind>{kind}</kind>", type="VirtualMachine", moid="vm-1", body=body)
    return decode_content(ET.fromstring(text), {VirtualMachine: ("name", "runtime.bootTime", "triggeredAlarmState")})


def prop(name: str, value: str, type_: str = "xsd:string") -> str:
    return f'<propSet><name>{name}</name><val xsi:type="{type_}">{value}</val></propSet>'


def test_scalars_become_python_values():
    change = content(
        "VirtualMachine",
        "vm-1",
        prop("name", "økonomi-app01")
        + prop("config.hardware.numCPU", "4", "xsd:int")
        + prop("config.template", "false", "xsd:boolean")
        + prop("runtime.bootTime", "2026-11-24T06:00:00.123456Z", "xsd:dateTime"),
    )
    assert change.values["name"] == "økonomi-app01"
    assert change.values["cpus"] == 4
    assert change.values["template"] is False
    assert change.values["boot_time"] == datetime(2026, 11, 24, 6, 0, 0, 123456, UTC)


def test_a_zone_offset_is_turned_into_utc():
    change = content("VirtualMachine", "vm-1", prop("runtime.bootTime", "2026-11-24T07:00:00+01:00", "xsd:dateTime"))
    assert change.values["boot_time"] == datetime(2026, 11, 24, 6, tzinfo=UTC)


def test_an_enum_value_that_no_one_knows_yet_is_kept_as_text():
    change = content("VirtualMachine", "vm-1", prop("runtime.powerState", "hibernated", "VirtualMachinePowerState"))
    assert change.values["power_state"] == "hibernated"
    assert not change.skipped


def test_a_value_that_cannot_be_what_it_should_is_skipped_alone():
    change = content(
        "VirtualMachine", "vm-1", prop("config.hardware.memoryMB", "lots", "xsd:int") + prop("name", "erp")
    )
    assert change.values == {"memory_mib": None, "name": "erp"}
    assert change.skipped == {
        "config.hardware.memoryMB": Skipped(
            vsphere_type="VirtualMachine",
            moid="vm-1",
            path="config.hardware.memoryMB",
            reason="ValueError: invalid literal for int() with base 10: 'lots'",
        )
    }


def test_a_refused_property_is_unknown_with_the_privilege_that_is_missing():
    change = content(
        "HostSystem",
        "host-1",
        "<missingSet><path>config.product.version</path><fault><fault xsi:type='NoPermission'>"
        "<object type='HostSystem'>host-1</object><privilegeId>System.Read</privilegeId></fault>"
        "<localizedMessage/></fault></missingSet>",
        {HostSystem: ("config.product.version",)},
    )
    assert change.values == {"version": None}
    assert change.unreadable == {
        "config.product.version": Unreadable(
            vsphere_type="HostSystem",
            moid="host-1",
            path="config.product.version",
            fault="NoPermission",
            privilege="System.Read",
        )
    }


def test_an_asked_property_that_did_not_come_is_unset_and_an_unset_array_is_empty():
    change = content("VirtualMachine", "vm-1", "", {VirtualMachine: ("runtime.bootTime", "triggeredAlarmState")})
    assert change.values == {"boot_time": None, "alarms": ()}


def test_no_snapshot_tree_means_no_snapshots_but_no_guest_disks_means_that_tools_did_not_say():
    asked = {VirtualMachine: ("snapshot.rootSnapshotList", "guest.disk")}
    assert content("VirtualMachine", "vm-1", "", asked).values == {"snapshots": (), "guest_disks": None}


def test_devices_of_one_array_are_told_apart_by_their_type():
    disk = (
        "<VirtualDevice xsi:type='VirtualDisk'><key>2000</key><deviceInfo xsi:type='Description'><label>Hard disk 1"
        "</label><summary/></deviceInfo><backing xsi:type='VirtualDiskFlatVer2BackingInfo'><fileName>[ds] a.vmdk"
        "</fileName><diskMode>persistent</diskMode><thinProvisioned>true</thinProvisioned></backing>"
        "<capacityInKB>1</capacityInKB><capacityInBytes>1024</capacityInBytes></VirtualDevice>"
    )
    nic = "<VirtualDevice xsi:type='VirtualVmxnet3'><key>4000</key><macAddress>00:50:56:00:00:01</macAddress></VirtualDevice>"
    unknown = "<VirtualDevice xsi:type='VirtualQuantumLink'><key>1</key></VirtualDevice>"
    change = content(
        "VirtualMachine", "vm-1", prop("config.hardware.device", disk + nic + unknown, "ArrayOfVirtualDevice")
    )
    (only_disk,), (only_nic,) = change.values["disks"], change.values["nics"]
    assert (only_disk.label, only_disk.thin, only_disk.capacity_bytes) == ("Hard disk 1", True, 1024)
    assert (only_disk.file, only_disk.rdm_lun) == ("[ds] a.vmdk", None)
    assert (only_nic.kind, only_nic.mac) == ("VirtualVmxnet3", "00:50:56:00:00:01")
    assert change.values["cdroms"] == ()


def test_a_snapshot_tree_is_read_with_its_depth():
    tree = (
        "<VirtualMachineSnapshotTree><snapshot type='VirtualMachineSnapshot'>snapshot-1</snapshot><name>a</name>"
        "<createTime>2026-01-01T00:00:00Z</createTime><childSnapshotList><snapshot type='VirtualMachineSnapshot'>"
        "snapshot-2</snapshot><name>b</name></childSnapshotList></VirtualMachineSnapshotTree>"
    )
    change = content(
        "VirtualMachine", "vm-1", prop("snapshot.rootSnapshotList", tree, "ArrayOfVirtualMachineSnapshotTree")
    )
    found = [(depth, node.moid, node.name) for depth, node in flatten(change.values["snapshots"])]
    assert found == [(1, "snapshot-1", "a"), (2, "snapshot-2", "b")]


def test_a_property_of_a_subtype_is_read_only_from_that_subtype():
    nas = "<name>n</name><url>u</url><nas><name>n</name><remoteHost>filer</remoteHost><remotePath>/v</remotePath></nas>"
    change = content("Datastore", "datastore-1", prop("info", nas, "NasDatastoreInfo"))
    assert (change.values["nfs_host"], change.values["vmfs_version"]) == ("filer", None)
    vmfs = "<name>v</name><vmfs><version>6.82</version><majorVersion>6</majorVersion></vmfs>"
    change = content("Datastore", "datastore-1", prop("info", vmfs, "VmfsDatastoreInfo"))
    assert (change.values["nfs_host"], change.values["vmfs_version"]) == (None, "6.82")


@pytest.mark.parametrize("value", ["".join(f"<byte>{byte}</byte>" for byte in b"-----BEGIN"), "LS0tLS1CRUdJTg=="])
def test_a_certificate_is_read_as_bytes_one_by_one_or_as_base64(value):
    change = content("HostSystem", "host-1", prop("config.certificate", value, "ArrayOfByte"))
    assert change.values["certificate_pem"] == "-----BEGIN"


def test_an_update_without_a_value_unsets_and_only_what_it_names():
    change = update("modify", "<changeSet><name>runtime.bootTime</name><op>assign</op></changeSet>")
    assert change.values == {"boot_time": None}
    assert not change.entered


def test_an_object_that_enters_has_everything_that_was_asked():
    change = update(
        "enter", '<changeSet><name>name</name><op>assign</op><val xsi:type="xsd:string">a</val></changeSet>'
    )
    assert change.entered
    assert change.values == {"name": "a", "boot_time": None, "alarms": ()}


def test_an_object_that_leaves_has_no_values():
    change = update("leave", "")
    assert change.left
    assert not change.values


def test_subtypes_are_read_as_what_they_extend():
    assert record_for("VmwareDistributedVirtualSwitch").__name__ == "DistributedVirtualSwitch"
    assert record_for("VirtualApp").__name__ == "ResourcePool"
    assert record_for("OpaqueNetwork").__name__ == "Network"
    assert record_for("ClusterComputeResource") is ClusterComputeResource
    assert record_for("StoragePod").__name__ == "StoragePod"
    assert record_for("Datastore") is Datastore
    assert record_for("SomethingNew") is None
