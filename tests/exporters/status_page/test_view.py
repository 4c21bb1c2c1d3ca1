"""What the page decides, without a page."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from agent.model.alarm import TriggeredAlarm
from agent.model.datastore import Datastore
from agent.model.folder import Folder
from agent.model.inventory import Inventory, Unreadable
from agent.model.snapshot import SnapshotNode
from agent.model.world import CollectorStatus, Problem, World
from exporters.status_page.table import ABSENT, Level, Table
from exporters.status_page.troubles import CONDITIONS
from exporters.status_page.view import StatusView, view
from tests.exporters.status_page.sample_world import (
    GIB,
    NOW,
    ago,
    by_moid,
    datastore,
    healthy_world,
    host,
    inventory,
    large_world,
    machine,
    target,
    troubled_inventory,
    troubled_world,
    world,
)


def of(**changes: Any) -> StatusView:
    return view(world(target(known=inventory(**changes))), NOW)


def table(shown: StatusView, key: str) -> Table:
    return next(item for item in (*shown.tables, *shown.blind_spots) if item.key == key)


def texts(shown: StatusView, key: str) -> list[dict[str, str]]:
    """Each row as column key -> text."""
    found = table(shown, key)
    return [{head.key: cell.text for head, cell in zip(found.headings, row.cells, strict=True)} for row in found.rows]


def test_a_healthy_estate_is_called_fine_with_its_size() -> None:
    shown = view(healthy_world(), NOW)
    assert shown.verdict.level is Level.OK
    assert shown.verdict.text == "All fine: 4 hosts, 9 VMs and 3 datastores"
    assert shown.freshness == "vCenter last confirmed this 4 s ago."
    assert table(shown, "problem").rows == ()


def test_the_verdict_names_connections_first_and_then_what_is_worst() -> None:
    shown = view(troubled_world(), NOW)
    assert shown.verdict.level is Level.BAD
    assert shown.verdict.text == (
        "No answer from vc-b for 3 min, login to vc-c blocked for 2 h, 1 host not responding, "
        "1 datastore not accessible, 1 VM not connected and 5 more"
    )


@pytest.mark.parametrize(
    ("changes", "level", "text"),
    [
        ({"hosts": by_moid([host(1, connection_state="notResponding")])}, Level.BAD, "1 host not responding"),
        (
            {"hosts": by_moid([host(n, connection_state="disconnected") for n in (1, 2)])},
            Level.BAD,
            "2 hosts disconnected",
        ),
        ({"datastores": by_moid([datastore(1, accessible=False)])}, Level.BAD, "1 datastore not accessible"),
        ({"datastores": by_moid([datastore(1, free_bytes=GIB)])}, Level.WARNING, "1 datastore over 90 % full"),
        ({"vms": by_moid([machine(1, "a", connection_state="orphaned")])}, Level.BAD, "1 VM not connected"),
        ({"vms": by_moid([machine(n, "a", heartbeat="red") for n in (1, 2)])}, Level.BAD, "2 VMs without heartbeat"),
        ({"vms": by_moid([machine(1, "a", question="Copied or moved?")])}, Level.BAD, "1 VM waiting for an answer"),
        ({"vms": by_moid([machine(1, "a", disk_chain_broken=True)])}, Level.BAD, "1 VM with a broken disk chain"),
        ({"vms": by_moid([machine(1, "a", guest_kernel_crashed=True)])}, Level.BAD, "1 VM with a crashed kernel"),
        (
            {"vms": by_moid([machine(1, "a", consolidation_needed=True)])},
            Level.WARNING,
            "1 VM in need of disk consolidation",
        ),
    ],
)
def test_each_kind_of_trouble_is_counted_in_the_verdict_and_listed(
    changes: dict[str, Any], level: Level, text: str
) -> None:
    shown = of(**changes)
    assert (shown.verdict.level, shown.verdict.text) == (level, text)
    assert len(table(shown, "problem").rows) == int(text[0])
    assert table(shown, "problem").rows[0].cells[0].level is level


@pytest.mark.parametrize(
    "vm",
    [
        machine(1, "a", power_state="poweredOff", heartbeat="gray"),
        machine(1, "a", power_state="poweredOff", heartbeat="red"),
        machine(1, "a", heartbeat=None, connection_state=None),
        machine(1, "a", template=True, consolidation_needed=True),
    ],
    ids=["off", "off, last heartbeat red", "unknown", "template"],
)
def test_what_is_off_unknown_or_a_template_is_not_called_trouble(vm: Any) -> None:
    assert table(of(vms={"vm-1": vm}), "problem").rows == ()


def test_an_acknowledged_alarm_is_listed_and_does_not_shape_the_verdict() -> None:
    alarm = TriggeredAlarm(
        key="k", entity="host-1", alarm="alarm-1", status="red", since=ago(hours=1), acknowledged=True
    )
    root = {"group-d1": Folder(moid="group-d1", name="Datacenters", alarms=(alarm,))}
    shown = of(folders=root)
    assert shown.verdict.level is Level.OK
    assert texts(shown, "alarm") == [
        {
            "status": "red",
            "alarm": "Host connection and power state",
            "entity": "esx1.example.test",
            "since": "2026-11-24 06:51Z",
            "acknowledged": "yes",
        }
    ]
    standing = replace(alarm, acknowledged=False)
    shown = of(folders={"group-d1": replace(root["group-d1"], alarms=(standing,))})
    assert (shown.verdict.level, shown.verdict.text) == (Level.BAD, "1 red alarm")


def test_the_newest_alarm_comes_first() -> None:
    assert [row["status"] for row in texts(view(troubled_world(), NOW), "alarm")] == ["red", "yellow"]


def test_tiles_count_what_is_current_and_say_what_is_left_out() -> None:
    hosts, vms, datastores, alarms = view(troubled_world(), NOW).tiles
    assert (hosts.value, hosts.of, hosts.level) == ("3", "of 4", Level.BAD)
    assert hosts.note == "1 not responding, 1 in maintenance, without 2 vCenters"
    assert (vms.value, vms.of) == ("4", "of 7")
    assert vms.note == "1 not connected, 1 off, 1 in an unknown state, 1 template besides, without 2 vCenters"
    assert (datastores.value, datastores.of) == ("1", "of 3")
    assert datastores.note == "1 not accessible, 1 of unknown size, without 2 vCenters"
    assert (alarms.value, alarms.of, alarms.level) == ("1", "and 1 yellow", Level.BAD)


def test_the_conditions_that_are_bad_are_told_before_those_that_only_warn() -> None:
    levels = [condition.level for condition in CONDITIONS]
    assert levels == sorted(levels, reverse=True)
    told = [row["problem"] for row in texts(view(troubled_world(), NOW), "problem")]
    assert told == sorted(told, key=[f"{item.one[0].upper()}{item.one[1:]}" for item in CONDITIONS].index)


@pytest.mark.parametrize(
    ("state", "level", "note"),
    [
        ("disconnected", Level.BAD, "1 disconnected"),
        ("notResponding", Level.BAD, "1 not responding"),
        (None, Level.UNKNOWN, "1 in an unknown state"),
        ("connected", Level.OK, "none in maintenance"),
    ],
)
def test_the_tile_of_hosts_tells_lost_from_unknown(state: str | None, level: Level, note: str) -> None:
    tile = of(hosts=by_moid([host(1), host(2, connection_state=state)])).tiles[0]
    assert (tile.level, tile.note) == (level, note)


def test_nothing_read_yet_is_unknown_and_shows_no_zero() -> None:
    shown = view(world(target(known=None)), NOW)
    assert (shown.verdict.level, shown.verdict.text) == (Level.UNKNOWN, "No reading of vc-a yet")
    assert {(tile.value, tile.level) for tile in shown.tiles} == {(ABSENT.text, Level.UNKNOWN)}
    # the ledger speaks for itself
    assert {item.empty for item in shown.tables if item.key != "outage"} == {"Not known: nothing can be read."}


def test_a_silent_vcenter_keeps_its_rows_marked_and_its_counts_out() -> None:
    known = replace(troubled_inventory(), confirmed_at=ago(minutes=3))
    shown = view(world(target("vc-a", known)), NOW)
    assert (shown.verdict.level, shown.verdict.text) == (Level.BAD, "No answer from vc-a for 3 min")
    assert all(row.stale for item in shown.tables for row in item.rows)
    assert table(shown, "problem").rows, "the last known state is still worth reading"
    assert {tile.value for tile in shown.tiles} == {ABSENT.text}
    assert "last known state" in shown.freshness


def test_one_silent_vcenter_of_two_spoils_the_good_news_of_empty_tables() -> None:
    silent = target("vc-b", replace(inventory(), confirmed_at=ago(minutes=3)))
    shown = view(world(target(known=inventory()), silent), NOW)
    assert table(shown, "problem").empty == "None in what can be read."
    assert table(view(healthy_world(), NOW), "problem").empty.startswith("Nothing")


def test_a_connection_tells_its_problem_the_cure_and_since_when() -> None:
    up, silent, refused = view(troubled_world(), NOW).connections
    assert (up.state, up.level) == ("up", Level.OK)
    assert (silent.state, silent.level) == ("no answer", Level.BAD)
    assert (refused.state, refused.level) == ("login blocked", Level.BAD)
    assert refused.cure.startswith("correct the password")
    assert {fact.label: fact.value.text for fact in refused.facts}["Problem since"] == "2026-11-24 05:51Z"
    offset = next(fact.value for fact in up.facts if fact.label == "Its clock minus ours")
    assert (offset.text, offset.level) == ("-42.0 s", Level.WARNING)


def test_a_connection_that_works_with_a_problem_is_a_warning() -> None:
    problem = Problem(kind="not_permitted", problem="no right to read events", cure="grant it", since=ago(minutes=5))
    shown = view(world(target(known=inventory(), problem=problem)), NOW)
    assert (shown.verdict.level, shown.verdict.text) == (Level.WARNING, "A problem with vc-a for 5 min")


def test_a_certificate_that_expires_soon_and_bugs_of_the_agent_are_marked() -> None:
    status = CollectorStatus(interval_s=20, runs=100, failures=3, bugs=1, last_success=ago(seconds=4))
    known = target(known=inventory(), certificate_expires=NOW + timedelta(days=9), collectors={"inventory": status})
    facts = {fact.label: fact.value for fact in view(world(known), NOW).connections[0].facts}
    assert facts["Certificate expires"].level is Level.WARNING
    assert facts["Failed reads, inventory"].text == "3 of 100, 1 by a bug in the agent"


def test_values_that_vcenter_did_not_say_are_dashes_in_every_column() -> None:
    bare = Inventory(
        about=inventory().about,
        root_folder="group-d1",
        confirmed_at=ago(seconds=1),
        hosts={"host-9": host(9).__class__(moid="host-9")},
        datastores={"datastore-9": Datastore(moid="datastore-9")},
        vms={"vm-9": machine(9, None).__class__(moid="vm-9")},
    )
    shown = view(world(target(known=bare)), NOW)
    for key, moid in {"host": "host-9", "datastore": "datastore-9", "vm": "vm-9"}.items():
        (row,) = texts(shown, key)
        assert row.pop("name") == moid
        row.pop("snapshots", None)  # unset means none, unless refused: the next test
        assert set(row.values()) == {ABSENT.text}


def test_no_snapshots_is_told_from_snapshots_that_may_not_be_read() -> None:
    twins = SnapshotNode(name="a", children=(SnapshotNode(name="b"),))
    vms = [machine(1, "none"), machine(2, "two", snapshots=(twins,)), machine(3, "refused")]
    refused = Unreadable(
        vsphere_type="vim.VirtualMachine", moid="vm-3", path="snapshot", fault="NoPermission", privilege="System.Read"
    )
    shown = of(vms=by_moid(vms), unreadable=(refused,))
    assert {row["name"]: row["snapshots"] for row in texts(shown, "vm")} == {
        "none": "0",
        "two": "2",
        "refused": ABSENT.text,
    }


def test_a_vm_that_is_off_has_no_usage_instead_of_zero_usage() -> None:
    off = machine(1, "off", power_state="poweredOff", uptime_s=0, cpu_usage_mhz=0, memory_active_mib=0)
    (row,) = texts(of(vms={"vm-1": off}), "vm")
    assert (row["state"], row["uptime"], row["cpu"], row["memory"]) == ("off", *[ABSENT.text] * 3)


def test_free_space_of_an_inaccessible_datastore_is_unknown() -> None:
    (row,) = texts(of(datastores=by_moid([datastore(1, accessible=False, free_bytes=0)])), "datastore")
    assert (row["accessible"], row["free"], row["used"]) == ("no", ABSENT.text, ABSENT.text)


def test_what_could_not_be_seen_is_grouped_by_the_missing_privilege() -> None:
    refused = tuple(
        Unreadable(
            vsphere_type="vim.VirtualMachine",
            moid=f"vm-{number}",
            path=path,
            fault="NoPermission",
            privilege="System.Read",
        )
        for number in range(1, 4)
        for path in ("config.name", "guest.net")
    )
    assert texts(of(unreadable=refused), "gap") == [
        {
            "reason": "System.Read missing",
            "type": "VirtualMachine",
            "objects": "3",
            "paths": "config.name and guest.net",
        }
    ]
    assert texts(view(troubled_world(), NOW), "skipped")[0]["reason"] == "unknown type VirtualQuantumDisk"


def test_the_only_vcenter_is_not_named_on_every_row() -> None:
    assert "vcenter" not in texts(view(healthy_world(), NOW), "vm")[0]
    assert texts(view(troubled_world(), NOW), "vm")[0]["vcenter"] == "vc-a"


def test_one_of_five_thousand_vms_is_found_by_the_query() -> None:
    shown = view(large_world(5000), NOW, "vm=vm-4711")
    assert [row["name"] for row in texts(shown, "vm")] == ["vm-4711"]
    assert table(view(large_world(5000), NOW), "vm").hidden == 4800


def test_a_world_without_targets_says_so() -> None:
    shown = view(World(version="0.1.0", started_at=ago(days=1)), NOW)
    assert (shown.verdict.level, shown.verdict.text) == (Level.UNKNOWN, "No vCenter is configured")
