"""What is different between two looks, and which event tells of it."""

from dataclasses import replace
from datetime import UTC, datetime

from agent.model.change_authors import authors, events_of
from agent.model.event import Event
from agent.model.inventory import Inventory
from agent.model.inventory_changes import Difference, InventoryChange, inventory_changes
from agent.model.virtual_hardware import VirtualDisk
from agent.model.virtual_machine import VirtualMachine
from tests.worlds import INVENTORY

BIG = INVENTORY.vms["vm-101"]
GIB = 1024**3


def with_vm(vm: VirtualMachine) -> Inventory:
    return replace(INVENTORY, vms={**INVENTORY.vms, "vm-101": vm})


def told(after: Inventory, before: Inventory = INVENTORY) -> list[tuple[object, ...]]:
    return [
        (str(one.difference), one.kind, one.name, one.what, one.before, one.after)
        for one in inventory_changes(before, after)
    ]


def test_the_same_is_not_different() -> None:
    assert told(INVENTORY) == []
    assert told(with_vm(replace(BIG, cpu_usage_mhz=1, power_state="poweredOff"))) == []


def test_a_vm_that_came_or_went_is_named() -> None:
    without = replace(INVENTORY, vms={moid: vm for moid, vm in INVENTORY.vms.items() if moid != "vm-101"})
    assert told(without) == [("removed", "VM", "skole-db01", "", None, None)]
    assert told(INVENTORY, without) == [("added", "VM", "skole-db01", "", None, None)]


def test_a_vm_that_was_registered_anew_is_the_same_vm() -> None:
    vms = {moid: vm for moid, vm in INVENTORY.vms.items() if moid != "vm-101"}
    anew = replace(INVENTORY, vms={**vms, "vm-900": replace(BIG, moid="vm-900", name="skole-db1")})
    (change,) = inventory_changes(INVENTORY, anew)
    assert (change.difference, change.before, change.after) == (Difference.RENAMED, "skole-db01", "skole-db1")
    assert change.moids == {"vm-101", "vm-900"}


def test_every_size_is_compared_disk_by_disk() -> None:
    assert BIG.disks is not None
    grown = replace(BIG.disks[0], capacity_bytes=100 * GIB)
    third = VirtualDisk(key=2002, label="Hard disk 3", capacity_bytes=5 * GIB)
    after = with_vm(replace(BIG, cpus=12, memory_mib=65536, disks=(grown, third)))
    assert told(after) == [
        ("resized", "VM", "skole-db01", "vCPUs", 8, 12),
        ("resized", "VM", "skole-db01", "memory", 32768, 65536),
        ("resized", "VM", "skole-db01", "disk Hard disk 1", 90 * 1024, 100 * 1024),
        ("resized", "VM", "skole-db01", "disk Hard disk 2", 600 * 1024, 0),
        ("resized", "VM", "skole-db01", "disk Hard disk 3", 0, 5 * 1024),
    ]


def test_a_vm_moves_between_hosts_datastores_folders_and_pools() -> None:
    moved = replace(BIG, host="host-12", datastores=("datastore-22",), parent="group-v4", resource_pool="resgroup-10")
    assert [(what, before, after) for *_, what, before, after in told(with_vm(moved))] == [
        ("host", "esx01.kommune.example", "esx02.kommune.example"),
        ("datastores", "SAN-01", INVENTORY.named("datastore-22")),
        ("folder", "Skole", "Skole/Drift"),
        ("resource pool", "", "Økonomi"),
    ]


def test_what_is_not_known_on_one_side_is_not_different() -> None:
    assert told(with_vm(VirtualMachine(moid="vm-101", instance_uuid=BIG.instance_uuid))) == []


def test_hosts_clusters_and_datastores_are_compared_as_well() -> None:
    host, cluster, store = (
        INVENTORY.hosts["host-11"],
        INVENTORY.clusters["domain-c8"],
        INVENTORY.datastores["datastore-21"],
    )
    after = replace(
        INVENTORY,
        hosts={**INVENTORY.hosts, host.moid: replace(host, build="24585383", memory_bytes=2048 * GIB)},
        clusters={cluster.moid: replace(cluster, ha_enabled=False)},
        datastores={**INVENTORY.datastores, store.moid: replace(store, capacity_bytes=12 * 1024 * GIB)},
        networks={},
    )
    assert [(difference, kind, what, after) for difference, kind, _, what, _, after in told(after)] == [
        ("resized", "host", "memory", 2048 * 1024),
        ("changed", "host", "build", "24585383"),
        ("changed", "cluster", "HA enabled", False),
        ("resized", "datastore", "capacity", 12 * 1024 * 1024),
        ("removed", "network", "", None),
    ]


def change(difference: Difference, what: str = "", kind: str = "VM", moid: str = "vm-101") -> InventoryChange:
    return InventoryChange(
        difference=difference, kind=kind, object_id="x", moids=frozenset({moid}), name="x", what=what
    )  # fmt: skip


def event(key: int, kind: str, user: str | None = "VENDOR\\operator", vm: str = "vm-101", **fields: str) -> Event:
    return Event(
        key=key, chain_id=key, kind=kind, created=datetime(2026, 11, 1, tzinfo=UTC), user=user, vm=vm, fields=fields
    )


def test_the_reconfiguration_that_says_so_is_the_one_that_resized() -> None:
    events = [
        event(1, "VmReconfiguredEvent", **{"configSpec.memoryMB": "65536"}),
        event(2, "VmReconfiguredEvent", user="other", **{"configSpec.annotation": "x"}),
        event(3, "VmReconfiguredEvent", vm="vm-102", **{"configSpec.memoryMB": "1"}),
        event(4, "VmPoweredOffEvent"),
    ]
    assert [one.key for one in events_of(change(Difference.RESIZED, "memory"), events)] == [1]
    assert [one.key for one in events_of(change(Difference.RESIZED, "vCPUs"), events)] == [1, 2], "none says which"


def test_who_migrated_last_is_named_first() -> None:
    events = [
        event(1, "VmMigratedEvent", user="A"), event(2, "DrsVmMigratedEvent", user=None), event(3, "VmMigratedEvent", user="B"),
        event(4, "VmMigratedEvent", user="A"), event(5, "VmRelocatedEvent", user="B"),
    ]  # fmt: skip
    found = events_of(change(Difference.MOVED, "host"), events)
    assert [one.key for one in found] == [1, 2, 3, 4, 5]
    assert authors(found) == ("B", "A")


def test_where_no_event_tells_nobody_is_named() -> None:
    assert events_of(change(Difference.MOVED, "folder"), [event(1, "VmMigratedEvent")]) == ()
    assert events_of(change(Difference.ADDED, kind="folder", moid="group-v3"), [event(1, "VmCreatedEvent")]) == ()
    assert authors(()) == ()
