"""The last known addresses, with and without a ledger to recall them from."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.clock import SystemClock
from agent.collectors.addresses import AddressKeeper
from agent.collectors.slot import WorldSlot
from agent.ledger.database import Database
from agent.ledger.facts import FactWriter
from agent.ledger.store import LedgerStore
from agent.model.guest_address import GuestAddress
from agent.model.inventory import Inventory
from agent.model.virtual_machine import VirtualMachine
from agent.model.world import Target, World
from tests.worlds import INVENTORY

BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
VM = VirtualMachine(moid="vm-1", name="a", instance_uuid="uuid-a", ip_address="10.0.0.1", host_name="a.example")
SILENT = replace(VM, ip_address=None, host_name=None)


def inventory_of(vm: VirtualMachine) -> Inventory:
    return replace(INVENTORY, about=replace(INVENTORY.about, instance_uuid="uuid-1"), vms={vm.moid: vm})


def slot_with(vm: VirtualMachine) -> WorldSlot:
    target = Target(name="dc1", address="dc1", inventory=inventory_of(vm))
    return WorldSlot(World(version="test", started_at=BEGIN, targets={"dc1": target}))


def known(slot: WorldSlot) -> dict[str, GuestAddress]:
    return dict(slot.read()[1].targets["dc1"].addresses)


def test_a_guest_that_falls_silent_keeps_the_address_that_it_had(tmp_path: Path) -> None:
    slot = slot_with(VM)
    keeper = AddressKeeper(tmp_path / "checkmeter.db", slot, SystemClock())
    keeper.look()
    slot.update("dc1", lambda target: replace(target, inventory=inventory_of(SILENT)))
    keeper.look()
    assert known(slot) == {"uuid-a": GuestAddress(ip="10.0.0.1", host_name="a.example")}


def test_what_was_silent_before_the_agent_started_is_recalled_from_the_ledger(tmp_path: Path) -> None:
    database = Database(tmp_path / "checkmeter.db")
    writer = FactWriter(database, LedgerStore(database).vcenter("uuid-1", "dc1", BEGIN))
    for day, vm in enumerate((VM, replace(VM, ip_address="10.0.0.2"), SILENT, replace(SILENT, annotation="x"))):
        writer.keep(inventory_of(vm), BEGIN + timedelta(days=day), BEGIN)
    database.close()
    slot = slot_with(SILENT)
    AddressKeeper(tmp_path / "checkmeter.db", slot, SystemClock()).look()
    assert known(slot) == {"uuid-a": GuestAddress(ip="10.0.0.2", host_name="a.example")}


def test_a_ledger_that_cannot_be_read_costs_only_what_was_before(tmp_path: Path) -> None:
    (tmp_path / "checkmeter.db").write_text("this is no database, and long enough to be seen as none")
    slot = slot_with(VM)
    AddressKeeper(tmp_path / "checkmeter.db", slot, SystemClock()).look()
    assert known(slot) == {"uuid-a": GuestAddress(ip="10.0.0.1", host_name="a.example")}
