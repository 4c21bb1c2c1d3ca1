"""What the ledger knows of each VM's size over a stretch of time."""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from agent.ledger.event_search import Wanted, find_events
from agent.ledger.fact_book import fact_histories
from agent.ledger.recorded import Known
from agent.ledger.vm_register import VmRegister
from agent.model.billing import KnownServer
from agent.model.evidence import RecordedEvent

_LATE = timedelta(hours=1)
"""A change is seen after its event, by a minute mostly."""


_FIELDS = ("name", "template", "cpus", "memory_mib")
_DISK = {"provisioned": ("disks",)}
_USAGE = ("storage_committed_bytes", "storage_uncommitted_bytes")
_AT_A_TIME = 500


def known_servers(
    connection: sqlite3.Connection,
    known: Known,
    register: VmRegister,
    start: datetime,
    end: datetime,
    *,
    kinds: Collection[str],
    disk_basis: str,
) -> tuple[KnownServer, ...]:
    """Every VM that facts tell of in [start, end), also those that had gone before; of its record what is billed.

    Of VMs that changed there are the events of these kinds too: with thousands of VMs that are backed up each night, all
    events would not fit into memory.
    """
    fields = ("moid", *_FIELDS, *_DISK.get(disk_basis, _USAGE))
    histories = dict(fact_histories(connection, known.seq, "vms", start, end, gone=True, fields=fields))
    changed = [vm_id for vm_id, facts in histories.items() if len(facts) > 1 or facts[0].at > start]
    moids = {moid: vm_id for vm_id in changed for moid in register.moids(vm_id)}
    events: dict[str, list[RecordedEvent]] = defaultdict(list)
    for some in _some(list(moids)):
        wanted = Wanted(vms=some, kinds=tuple(kinds), since=start - _LATE, until=end + _LATE)
        for one in find_events(connection, known.seq, wanted):
            events[moids[one.event.vm or ""]].append(one)
    return tuple(
        KnownServer(vcenter=known.name, vm_id=vm_id, facts=facts, events=tuple(events.get(vm_id, ())))
        for vm_id, facts in histories.items()
    )


def _some(moids: list[str]) -> Iterator[list[str]]:
    return (moids[first : first + _AT_A_TIME] for first in range(0, len(moids), _AT_A_TIME))
