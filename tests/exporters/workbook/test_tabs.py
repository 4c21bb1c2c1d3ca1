"""What stands in the tabs."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.model.health import Acknowledgement, Finding, Gap, HealthReport, Reason, State
from agent.model.world import World
from exporters.workbook.catalogue import TABS, workbook
from exporters.workbook.reference import BEGIN, END, tabs_reference
from exporters.workbook.sheet import MIB, mib, percent
from tests.exporters.workbook.inventory_world import FULL, NOW, labelled
from tests.worlds import WORLD, silent_world, with_inventory

DOCUMENT = Path(__file__).parents[3] / "docs/inventory.md"


def rows(name: str, world: World = FULL) -> list[dict[str, Any]]:
    sheet = next(sheet for sheet in workbook(world, NOW) if sheet.name == name)
    return [dict(zip(sheet.headers, row, strict=True)) for row in sheet.rows]


def test_the_tabs_are_those_of_rvtools_in_its_order() -> None:
    assert [tab.name for tab in TABS] == [
        "vInfo",
        "vCPU",
        "vMemory",
        "vDisk",
        "vPartition",
        "vNetwork",
        "vCD",
        "vUSB",
        "vSnapshot",
        "vTools",
        "vSource",
        "vRP",
        "vCluster",
        "vHost",
        "vHBA",
        "vNIC",
        "vSwitch",
        "vPort",
        "dvSwitch",
        "dvPort",
        "vSC_VMK",
        "vDatastore",
        "vMultiPath",
        "vLicense",
        "vFileInfo",
        "vHealth",
        "vMetaData",
    ]


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.name)
def test_no_column_stands_twice_and_none_is_both_there_and_absent(tab: Any) -> None:
    names = [name for name, _ in tab.columns]
    assert len(set(names)) == len(names)
    assert set(names) & set(tab.absent) == set()


@pytest.mark.parametrize("name", ["vInfo", "vHost", "vDatastore", "vCluster", "vRP", "dvPort"])
def test_of_an_object_that_vcenter_tells_nothing_of_only_what_is_certain_has_a_value(name: str) -> None:
    certain = {"VM ID", "Object ID", "VI SDK Server", "Resource Pool path", "VMRef", "Tier (tag)"}
    empty = {"Cluster rule(s)", "Cluster rule name(s)"}
    (row,) = rows(name, silent_world())
    assert {column for column, value in row.items() if value is not None} <= certain | empty


def test_every_vm_has_a_row_by_name_with_its_place_and_its_typed_values() -> None:
    found = rows("vInfo")
    assert [row["VM ID"] for row in found] == ["vm-103", "vm-101", "vm-102"]
    row = found[1]
    assert (row["VM"], row["Powerstate"], row["Template"], row["CPUs"], row["Memory"]) == (
        "skole-db01", "poweredOn", False, 8, 32768,
    )  # fmt: skip
    assert (row["Datacenter"], row["Cluster"], row["Host"]) == ("Rådhuset", "Produktion", "esx01.kommune.example")
    assert row["PowerOn"] == NOW - timedelta(days=41, seconds=7)
    assert (row["Folder"], row["Resource pool"]) == ("Skole", "/Rådhuset/Produktion/Resources")
    assert (row["Network #1"], row["Network #2"], row["Network #3"]) == ("VM Network", "VLAN 120", None)
    assert (row["In Use MiB"], row["Provisioned MiB"]) == (701 * 1024, 718 * 1024)
    assert (row["VI SDK Server"], row["VI SDK UUID"]) == ("vc1.kommune.example", None)


def test_a_sum_with_an_unknown_part_is_unknown() -> None:
    assert rows("vInfo")[1]["Total disk capacity MiB"] is None
    assert rows("vInfo", WORLD)[1]["Total disk capacity MiB"] == 690 * 1024


def test_disks_have_their_controllers_and_say_whether_they_are_raw() -> None:
    flat, raw = rows("vDisk")
    assert (flat["Disk"], flat["Controller"], flat["SCSI Unit #"], flat["Shared Bus"]) == (
        "Hard disk 1", "SCSI 0", 0, "noSharing",
    )  # fmt: skip
    assert (flat["Capacity MiB"], flat["Raw"], flat["Thin"]) == (90 * 1024, False, False)
    assert (raw["Raw"], raw["Controller"], raw["SCSI Unit #"], raw["Capacity MiB"]) == (True, None, None, None)


def test_network_cards_have_their_network_switch_and_the_addresses_of_the_guest() -> None:
    standard, distributed = rows("vNetwork")
    assert (standard["Network"], standard["Switch"], standard["Adapter"]) == ("VM Network", "vSwitch0", "Vmxnet3")
    assert (standard["IPv4 Address"], standard["IPv6 Address"]) == ("10.1.2.3, 10.1.2.4", "fe80::1")
    assert (distributed["Network"], distributed["IPv4 Address"]) == ("VLAN 120", None)


def test_file_systems_have_what_is_used_and_the_disk_they_lie_on() -> None:
    (row,) = rows("vPartition")
    assert (row["Disk"], row["Disk Key"], row["Free %"], row["Capacity MiB"]) == ("C:\\", "2000", 24, 0)


def test_a_snapshot_has_its_state_file_and_its_size() -> None:
    first, second = rows("vSnapshot")
    assert (first["Name"], first["Date / time"]) == ("before upgrade", NOW - timedelta(days=9))
    assert first["Filename"] == "[ds] skole-db01/skole-db01-Snapshot1.vmsn"
    assert (first["Size MiB (vmsn)"], first["Size MiB (total)"], second["Size MiB (total)"]) == (0, 0, None)


def test_usb_devices_and_controllers_stand_in_one_tab() -> None:
    controller, device = rows("vUSB")
    assert (controller["Device Node"], controller["EHCI enabled"], controller["Family"]) == (
        "USB controller",
        True,
        None,
    )
    assert (device["Device Node"], device["EHCI enabled"], device["Family"]) == ("Token", None, "hid, smartCard")


def test_hosts_have_load_in_percent_and_sums_over_the_vms_that_run() -> None:
    row = rows("vHost")[0]
    assert (row["CPU usage %"], row["Memory usage %"], row["# Memory"]) == (14, 66, 1024 * 1024)
    assert (row["# VMs total"], row["# VMs"], row["# vCPUs"], row["vCPUs per Core"]) == (1, 1, 8, 0.12)


def test_a_host_has_the_licences_that_are_assigned_to_it() -> None:
    (licence,) = FULL.targets["vc1"].inventory.licences
    assert rows("vHost")[0]["Assigned License(s)"] is None, "what it is assigned to is not told"
    world = with_inventory(
        FULL, replace(FULL.targets["vc1"].inventory, licences=(replace(licence, assigned_to=("host-11",)),))
    )
    assert [row["Assigned License(s)"] for row in rows("vHost", world)] == ["vSphere 8 Enterprise Plus", ""]


def test_a_fibre_channel_adapter_has_its_wwn_in_hexadecimal_and_an_iscsi_one_its_name() -> None:
    assert [row["WWN"] for row in rows("vHBA")] == ["cc:00:1a:2b:3c:4d:5e:6f", "iqn.1998-01.com.vmware:esx01"]


def test_an_inaccessible_datastore_has_no_sizes() -> None:
    by_name = {row["Name"]: row for row in rows("vDatastore")}
    lost = next(row for row in by_name.values() if not row["Accessible"])
    assert (lost["Capacity MiB"], lost["Free MiB"], lost["Free %"]) == (None, None, None)
    assert by_name["SAN-01"]["Free %"] == 0


def test_without_health_checks_alarms_and_what_cannot_be_read_stand_in_vhealth() -> None:
    past = replace(FULL, targets={"vc1": replace(FULL.targets["vc1"], health=None)})
    found = [(row["Name"], row["Message"], row["Message type"]) for row in rows("vHealth", past)]
    assert ("skole-db01", "Alarm Virtual machine CPU usage: red", "Alarm") in found
    assert found[-1] == (
        "vm-103",
        "VirtualMachine.runtime.question.text cannot be read (NoPermission, lacks System.Read)",
        "Not readable",
    )


def test_what_the_health_checks_found_stands_in_vhealth() -> None:
    finding = Finding(
        check="vm_snapshot_old", state=State.WARNING, kind="vm", object_id="x", moid="vm-101", object_name="skole-db01",
        part="", message="has a snapshot of 9 days",
    )  # fmt: skip
    known = Acknowledgement(reason="wanted", until=NOW)
    gap = Gap(
        check="host_time", kind="host", reason=Reason.NO_PRIVILEGE, source="p", privilege="System.Read", objects=("a",)
    )
    report = HealthReport(evaluated_at=NOW, findings=(finding, replace(finding, acknowledged=known)), gaps=(gap,))
    world = replace(FULL, targets={"vc1": replace(FULL.targets["vc1"], health=report)})
    assert [(row["Name"], row["Message"], row["Message type"], row["State"]) for row in rows("vHealth", world)] == [
        ("skole-db01", "has a snapshot of 9 days", "vm_snapshot_old", "warning"),
        (
            "skole-db01",
            "has a snapshot of 9 days (acknowledged until 2026-11-24: wanted)",
            "vm_snapshot_old",
            "warning",
        ),
        ("a", "not judged: p (no privilege, lacks System.Read)", "host_time", "unknown"),
    ]


def test_attributes_and_tags_are_columns_by_allow_list_only() -> None:
    assert "Owner" not in rows("vInfo")[0]
    row = rows("vInfo", labelled(FULL))[1]
    assert (row["Owner"], row["Tier (tag)"]) == ("Skole & Fritid", "Backup, gold")
    assert "Root password" not in row
    headers = list(row)
    assert headers[headers.index("Annotation") + 1 : headers.index("Datacenter")] == ["Owner", "Tier (tag)"]
    assert rows("vDisk", labelled(FULL))[0]["Owner"] == "Skole & Fritid"


def test_a_vcenter_that_is_not_current_is_not_in_the_workbook() -> None:
    assert [row["Server"] for row in rows("vMetaData")] == ["vc1.kommune.example"]
    stale = replace(FULL.targets["vc1"].collectors["inventory"], last_success=NOW - timedelta(hours=1))
    away = replace(FULL.targets["vc1"], collectors={"inventory": stale})
    assert rows("vInfo", replace(FULL, targets={"vc1": away})) == []


def test_unknown_is_never_zero() -> None:
    assert (mib(None), percent(None, 1), percent(1, None), percent(1, 0)) == (None, None, None, None)
    assert (mib(MIB * 2 - 1), percent(0, 7)) == (1, 0)


def test_the_document_lists_the_tabs_as_they_are() -> None:
    written = DOCUMENT.read_text().partition(BEGIN)[2].partition(END)[0].strip()
    assert written == tabs_reference(), "write it anew: python -m exporters.workbook.reference"
