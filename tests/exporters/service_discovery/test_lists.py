"""What Prometheus is told to probe."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from agent.model.guest_address import GuestAddress, guest_family, remembered, told_address
from agent.model.virtual_machine import GuestNic, VirtualMachine
from agent.model.vm_selection import VmSelection
from agent.model.world import World
from exporters.service_discovery.asked import Misunderstood
from exporters.service_discovery.lists import PATHS, discovery_document, target_groups
from exporters.service_discovery.settings import DiscoverySettings, PortRule
from exporters.service_discovery.vms import NotRead
from tests.exporters.workbook.inventory_world import FULL, labelled
from tests.worlds import INVENTORY, with_inventory

LINUX = VirtualMachine(
    moid="vm-201", name="web-01", instance_uuid="uuid-201", parent="group-v4", host="host-11", power_state="poweredOn",
    ip_address="10.1.2.4", host_name="web-01.kommune.example", guest_os="Debian GNU/Linux 12 (64-bit)",
)  # fmt: skip
WINDOWS = VirtualMachine(
    moid="vm-202", name="erp-db01", instance_uuid="uuid-202", parent="group-v3", power_state="poweredOff",
    ip_address="2001:db8::7", configured_os_id="windows2022srvNext_64Guest",
)  # fmt: skip
SILENT = VirtualMachine(moid="vm-203", name="hung-01", instance_uuid="uuid-203", power_state="poweredOn")
TEMPLATE = replace(LINUX, moid="vm-204", name="template", instance_uuid="uuid-204", template=True)


def world_of(*vms: VirtualMachine, addresses: Mapping[str, GuestAddress] | None = None) -> World:
    world = with_inventory(FULL, replace(INVENTORY, vms={vm.moid: vm for vm in vms}))
    return replace(world, targets={"vc1": replace(world.targets["vc1"], addresses=addresses or {})})


WORLD = world_of(LINUX, WINDOWS, SILENT, TEMPLATE)


def targets(path: str, query: str = "", world: World = WORLD, settings: DiscoverySettings | None = None) -> list[str]:
    groups = target_groups(f"/sd/{path}", query, world, settings or DiscoverySettings())
    return [target for group in groups for target in group["targets"]]


def labels(path: str, query: str = "", world: World = WORLD) -> dict[str, Any]:
    return dict(target_groups(f"/sd/{path}", query, world, DiscoverySettings())[0]["labels"])


def test_what_is_powered_on_and_has_an_address_is_pinged() -> None:
    assert targets("blackbox_icmp") == ["10.1.2.4"]
    assert targets("blackbox_icmp", "power_state=any") == ["2001:db8::7", "10.1.2.4"]
    assert targets("blackbox_icmp", "power_state=poweredOff") == ["2001:db8::7"]


def test_exporters_are_asked_on_their_ports_by_the_kind_of_guest() -> None:
    assert targets("node_exporter") == ["10.1.2.4:9100"]
    assert targets("windows_exporter", "power_state=any") == ["[2001:db8::7]:9182"]
    assert targets("node_exporter", "port=19100&guest=windows&power_state=any") == ["[2001:db8::7]:19100"]


def test_ports_and_urls_come_from_the_rules_that_mean_the_vm() -> None:
    settings = DiscoverySettings(
        rules=(
            PortRule(name="all", selection=VmSelection(), tcp=(22, 443)),
            PortRule(name="web", selection=VmSelection(names=("web-*",)), tcp=(443,), http=("https://{host}/health",)),
            PortRule(name="databases", selection=VmSelection(folders=("Skole",), guests=("windows",)), tcp=(1433,)),
        )
    )
    assert targets("blackbox_tcp", "", WORLD, settings) == ["10.1.2.4:22", "10.1.2.4:443"]
    assert targets("blackbox_tcp", "guest=windows&power_state=any", WORLD, settings) == [
        "[2001:db8::7]:22", "[2001:db8::7]:443", "[2001:db8::7]:1433",
    ]  # fmt: skip
    assert targets("blackbox_http", "power_state=any", WORLD, settings) == ["https://10.1.2.4/health"]
    group = target_groups("/sd/blackbox_tcp", "", WORLD, settings)[1]
    assert (group["labels"]["__meta_vsphere_port"], group["labels"]["__meta_vsphere_rule"]) == ("443", "all")


def test_a_url_may_name_ports_itself_and_then_no_rule_counts() -> None:
    settings = DiscoverySettings(rules=(PortRule(name="all", selection=VmSelection(), tcp=(22,)),))
    assert targets("blackbox_tcp", "port=3389&port=445", WORLD, settings) == ["10.1.2.4:445", "10.1.2.4:3389"]
    assert targets("blackbox_http", "url=http://{host}:8080/") == ["http://10.1.2.4:8080/"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("folder=Skole", ["2001:db8::7", "10.1.2.4"]),
        ("folder=/Skole/Drift/", ["10.1.2.4"]),
        ("folder=Skole/D*", ["10.1.2.4"]),
        ("folder=Drift", []),
        ("name=erp-*&name=other", ["2001:db8::7"]),
        ("guest=linux", ["10.1.2.4"]),
        ("vcenter=vc1&name=web-01", ["10.1.2.4"]),
    ],
)
def test_vms_are_selected_by_folder_name_guest_and_vcenter(query: str, expected: list[str]) -> None:
    assert targets("blackbox_icmp", f"power_state=any&{query}") == expected


def test_vms_are_selected_by_tag_and_attribute() -> None:
    world = labelled(FULL)
    vm = replace(FULL.targets["vc1"].inventory.vms["vm-101"], ip_address="10.1.2.3")
    world = with_inventory(world, replace(FULL.targets["vc1"].inventory, vms={"vm-101": vm}))
    world = replace(world, targets={"vc1": world.targets["vc1"]})
    assert targets("blackbox_icmp", "tag=Tier:gold&tag=Tier:B*&attribute=Owner:Skole*", world) == ["10.1.2.3"]
    assert targets("blackbox_icmp", "tag=Tier:silver", world) == []
    assert targets("blackbox_icmp", "attribute=Owner:Teknik", world) == []
    found = labels("blackbox_icmp", "", world)
    assert found["__meta_vsphere_tag_Tier"] == ",Backup,gold,"
    assert found["__meta_vsphere_attribute_Owner"] == "Skole & Fritid"
    assert not any("password" in name for name in found), "what is not on the allow-list is not told"


def test_labels_say_which_vm_it_is_and_the_rest_is_for_relabelling() -> None:
    found = labels("blackbox_icmp")
    assert {name: text for name, text in found.items() if not name.startswith("__")} == {
        "vcenter": "vc1", "vm_id": "uuid-201", "vm_name": "web-01",
    }  # fmt: skip
    assert found["__meta_vsphere_folder"] == "Skole/Drift"
    assert found["__meta_vsphere_cluster_name"] == "Produktion"
    assert found["__meta_vsphere_guest_family"] == "linux"
    assert found["__meta_vsphere_dns_name"] == "web-01.kommune.example"
    assert all(isinstance(text, str) and text for text in found.values())


def test_a_vm_is_reached_by_address_by_its_name_in_dns_or_by_its_own_name() -> None:
    assert targets("blackbox_icmp", "address=dns") == ["web-01.kommune.example"]
    assert targets("blackbox_icmp", "address=name") == ["hung-01", "web-01"]
    assert targets("node_exporter", "", WORLD, DiscoverySettings(address="name", domain="it.example")) == [
        "web-01.it.example:9100"
    ]


@pytest.mark.parametrize("name", ["web 01", "10.0.0.1", "evil/../path", "a@b", "-x", "x?y=z", "Økonomi", ""])
def test_a_name_that_is_no_host_name_addresses_nothing(name: str) -> None:
    assert targets("blackbox_icmp", "address=name", world_of(replace(LINUX, name=name))) == []
    assert targets("blackbox_icmp", "address=dns", world_of(replace(LINUX, host_name=name))) == []


def test_a_guest_that_fell_silent_is_probed_on_at_its_last_address() -> None:
    known = {"uuid-203": GuestAddress(ip="10.1.2.9", host_name="hung-01.kommune.example")}
    assert targets("blackbox_icmp", "", world_of(LINUX, SILENT, addresses=known)) == ["10.1.2.9", "10.1.2.4"]
    taken = {"uuid-203": GuestAddress(ip="10.1.2.4", host_name="hung-01.kommune.example")}
    assert targets("blackbox_icmp", "", world_of(LINUX, SILENT, addresses=taken)) == ["10.1.2.4"], "another has it now"


def test_of_the_addresses_of_a_guest_the_first_that_others_can_reach_counts() -> None:
    nics = (GuestNic(ip_addresses=("fe80::1", "169.254.1.2", "2001:db8::1", "10.0.0.5")),)
    assert told_address(VirtualMachine(moid="vm-1", ip_address="fe80::1", guest_nics=nics)).ip == "10.0.0.5"
    assert told_address(VirtualMachine(moid="vm-1", ip_address="127.0.0.1")).ip is None
    assert told_address(VirtualMachine(moid="vm-1", ip_address="not an address")).ip is None


def test_an_address_is_remembered_until_another_is_told_or_the_vm_has_gone() -> None:
    before = {"a": GuestAddress(ip="10.0.0.1", host_name="a"), "gone": GuestAddress(ip="10.0.0.2")}
    assert remembered(before, {"a": GuestAddress()}) == {"a": before["a"]}
    assert remembered(before, {"a": GuestAddress(ip="10.0.0.9")}) == {"a": GuestAddress(ip="10.0.0.9", host_name="a")}
    assert remembered(before, {"a": GuestAddress(), "b": GuestAddress(ip="10.0.0.1")})["a"] == GuestAddress(
        host_name="a"
    )


@pytest.mark.parametrize(
    ("told", "family"),
    [
        ({"guest_os": "Microsoft Windows Server 2022 (64-bit)"}, "windows"),
        ({"configured_os_id": "winNetStandardGuest"}, "windows"),
        ({"configured_os_id": "rhel9_64Guest"}, "linux"),
        ({"guest_os": "Ubuntu Linux (64-bit)", "configured_os_id": "windows9Guest"}, "linux"),
        ({"configured_os_id": "freebsd13_64Guest"}, "other"),
        ({}, None),
    ],
)
def test_the_kind_of_guest_is_told_by_tools_before_the_configuration(told: dict[str, str], family: str | None) -> None:
    assert guest_family(VirtualMachine(moid="vm-1", **told)) == family


def test_until_every_vcenter_was_read_there_is_no_list() -> None:
    both = replace(FULL, targets={**WORLD.targets, "vc2": FULL.targets["vc2"]})
    with pytest.raises(NotRead, match="vc2 was not read since the agent started"):
        targets("blackbox_icmp", "", both)
    assert targets("blackbox_icmp", "vcenter=vc1", both) == ["10.1.2.4"]


def test_a_vcenter_that_is_silent_now_has_its_last_known_vms_in_the_list() -> None:
    away = replace(WORLD.targets["vc1"], collectors={}, up=False)
    assert targets("blackbox_icmp", "", replace(WORLD, targets={"vc1": away})) == ["10.1.2.4"]


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("folde=ERP", "no parameter 'folde'; there are address, attribute, folder"),
        ("power_state=on", "power_state=on: must be one of poweredOn, poweredOff, suspended, any"),
        ("guest=mac", "guest=mac: must be one of windows, linux, other"),
        ("address=mac", "address=mac: must be one of ip, dns, name"),
        ("tag=gold", "tag=gold: must be NAME:VALUE, such as Tier:gold"),
        ("port=0", "port=0: must be from 1 to 65535"),
        ("port=99999", "port=99999: must be from 1 to 65535"),
        ("url=file:///{host}", "url=file:///{host}: must be http:// or https:// with {host} in it"),
        ("vcenter=nope", "vcenter=nope: must be one of vc1"),
    ],
)
def test_what_a_url_asks_wrongly_is_said(query: str, problem: str) -> None:
    with pytest.raises(Misunderstood) as caught:
        targets("blackbox_icmp", query)
    assert str(caught.value).startswith(problem)


@pytest.mark.parametrize("path", PATHS)
def test_every_list_is_what_prometheus_reads(path: str) -> None:
    for group in json.loads(discovery_document(path, "power_state=any", WORLD, DiscoverySettings())):
        assert set(group) == {"targets", "labels"}
        assert all(isinstance(text, str) for text in (*group["targets"], *group["labels"].values()))
