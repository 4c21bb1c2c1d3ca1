"""What the ledger knows of each VM's size over a stretch of time."""

import sqlite3
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from agent.ledger.event_search import Wanted, find_events
from agent.ledger.fact_book import fact_histories
from agent.ledger.recorded import Known
from agent.ledger.vm_register import VmRegister
from agent.model.billing import KnownServer
from agent.model.evidence import RecordedEvent

_LATE = timedelta(hours=1)
"""A change is seen after its event, by a minute mostly."""


def known_servers(
    connection: sqlite3.Connection,
    known: Known,
    register: VmRegister,
    start: datetime,
    end: datetime,
    *,
    kinds: Collection[str],
) -> tuple[KnownServer, ...]:
    """Every VM that facts tell of in [start, end), also those that had gone before, with its events of these kinds."""
    events: dict[str, list[RecordedEvent]] = defaultdict(list)
    wanted = Wanted(kinds=tuple(kinds), since=start - _LATE, until=end + _LATE)
    for one in find_events(connection, known.seq, wanted):
        if one.event.vm is not None:
            events[register.vm_id(one.event.vm)].append(one)
    return tuple(
        KnownServer(vcenter=known.name, vm_id=vm_id, facts=facts, events=tuple(events.get(vm_id, ())))
        for vm_id, facts in fact_histories(connection, known.seq, "vms", start, end, gone=True)
    )
