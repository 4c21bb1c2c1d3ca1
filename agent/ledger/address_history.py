"""The last address that each VM had, out of what the ledger keeps of it."""

import sqlite3
from collections.abc import Iterable

from agent.ledger.facts import record_of
from agent.model.guest_address import GuestAddress, told_address
from agent.model.record_json import from_plain
from agent.model.virtual_machine import VirtualMachine

_MOST_ROWS = 40
"""Looked at of one VM: a month and more."""


def last_addresses(connection: sqlite3.Connection, vcenter: int, vm_ids: Iterable[str]) -> dict[str, GuestAddress]:
    """By `vm_id`, of those that ever had one in the last rows that were kept."""
    found: dict[str, GuestAddress] = {}
    for vm_id in vm_ids:
        address = GuestAddress()
        rows = connection.execute(
            "SELECT seq FROM facts WHERE vcenter = ? AND kind = 'vms' AND object = ? AND content IS NOT NULL "
            "ORDER BY at DESC, seq DESC LIMIT ?",
            (vcenter, vm_id, _MOST_ROWS),
        ).fetchall()
        for (seq,) in rows:
            plain = record_of(connection, seq)
            if plain is not None:
                address = address.else_of(told_address(from_plain(VirtualMachine, plain)))
            if address.ip is not None and address.host_name is not None:
                break
        if address.known:
            found[vm_id] = address
    return found
