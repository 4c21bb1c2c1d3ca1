"""Remembers where each guest was reached last: Tools fall silent with the guest, and just then it is to be probed on."""

import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from agent.clock import Clock
from agent.collectors.loop import guarded
from agent.collectors.slot import WorldSlot
from agent.errors import AgentError
from agent.ledger.address_history import last_addresses
from agent.ledger.database import Database
from agent.ledger.recorded import vcenter_with
from agent.model.guest_address import TOLD_BY, GuestAddress, remembered, told_address
from agent.model.identity import vm_ids
from agent.model.inventory import Inventory
from agent.model.virtual_machine import VirtualMachine
from agent.model.world import Target

_EVERY_S = 30.0


class AddressKeeper:
    """Of all targets; a thread of its own. Without a ledger it only knows what it saw since it started."""

    def __init__(self, database_file: Path, slot: WorldSlot, clock: Clock) -> None:
        self._file, self._slot, self._clock = database_file, slot, clock
        self._recalled: set[str] = set()
        self._told: dict[str, dict[str, tuple[object, GuestAddress]]] = {}
        """by target and moid, with what it was read from: machines change twice a minute, their addresses do not"""

    def run(self, stop: threading.Event) -> None:
        """Look until `stop` is set."""
        while not self._clock.wait(_EVERY_S, stop):
            self.look()

    def look(self) -> None:
        """Take in what is told now, of every target."""
        for target in self._slot.read()[1].targets.values():
            if target.inventory is not None:
                inventory = target.inventory

                def one(target: Target = target, inventory: Inventory = inventory) -> None:
                    self._look_at(target, inventory)

                guarded(target.name, one, lambda _: None)

    def _look_at(self, target: Target, inventory: Inventory) -> None:
        ids = vm_ids(inventory.vms)
        known_as = self._told.get(target.name, {})
        self._told[target.name] = {moid: _told(vm, known_as.get(moid)) for moid, vm in inventory.vms.items()}
        told = {ids[moid]: address for moid, (_, address) in self._told[target.name].items()}
        before = target.addresses
        if target.name not in self._recalled:
            self._recalled.add(target.name)  # before: a ledger that cannot be read is not tried four times a minute
            before = {**self._recall(target, inventory, told), **before}
        known = remembered(before, told)
        if known != target.addresses:
            self._slot.update(target.name, lambda newest: replace(newest, addresses=known))

    def _recall(
        self, target: Target, inventory: Inventory, told: Mapping[str, GuestAddress]
    ) -> dict[str, GuestAddress]:
        """From the ledger, of those VMs that do not say."""
        silent = [vm_id for vm_id, address in told.items() if address.ip is None or address.host_name is None]
        if not self._file.exists():
            return {}
        try:
            database = Database(self._file)
        except AgentError:
            return {}  # those who write to it say why
        try:
            with database.reading() as connection:
                known = vcenter_with(connection, inventory.about.lasting_id(target.name))
                return {} if known is None else last_addresses(connection, known.seq, silent)
        finally:
            database.close()


def _told(vm: VirtualMachine, before: tuple[object, GuestAddress] | None) -> tuple[object, GuestAddress]:
    by = TOLD_BY(vm)
    return before if before is not None and before[0] == by else (by, told_address(vm))
