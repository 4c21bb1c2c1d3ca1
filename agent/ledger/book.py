"""The ledger of one vCenter over a stretch of time: evidence read from the database, judged object by object."""

import sqlite3
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from agent.ledger.judgement import Judgement
from agent.ledger.outages import outages
from agent.ledger.recorded import Known, covered, evidence
from agent.ledger.vm_register import NAME, read_register
from agent.model.availability import Cause, Interval, Ledger, Outage, State

_LOOK_BACK = timedelta(days=45)
"""Evidence from so long before is read too: what held at the beginning rests on it. vCenter keeps events for 30 days."""
VM, HOST, DATASTORE = "vm", "host", "datastore"
NOT_UP = frozenset({State.DOWN, State.SUSPENDED, State.GUEST_SILENT})


class Book:
    """Everything is read when it is made; afterwards the database may change."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        known: Known,
        start: datetime,
        end: datetime,
        *,
        only: Collection[str] | None = None,
    ) -> None:
        """Of [start, end), as far as events are read.

        Args:
            connection: In a reading transaction.
            known: The vCenter.
            start: Of what will be asked for.
            end: Likewise.
            only: Only these VMs, by `vm_id`; None takes all.
        """
        self.known = known
        read = covered(connection, known.seq)
        self.began = read[0] if read else None
        """from when on events are read"""
        self.until = read[1] if read else None
        """up to when events are read"""
        self.start, self.end = start, min(end, self.until) if self.until else start
        self.register = read_register(connection, known.seq)
        self._evidence = evidence(connection, known.seq, self.register, since=start - _LOOK_BACK, only=only)
        for vm_id, one in self._evidence.vms.items():
            told = ((recorded.event.created, recorded.event.vm_name) for recorded in one.events)
            self.register.hear(vm_id, ((at, name) for at, name in told if name))
        self._judgement = Judgement(self._evidence)
        self._names = {kind: _names(connection, known.seq, kind) for kind in (HOST, DATASTORE)}

    def vm_ids(self) -> list[str]:
        """The VMs there is evidence of, without templates."""
        return [vm_id for vm_id in self.register.vm_ids if vm_id in self._evidence.vms]

    def vm(self, vm_id: str) -> Ledger:
        """What the ledger says of one VM; empty where no events are read yet. KeyError if there is no evidence of it."""
        return self._judgement.vm(vm_id, self.start, self.end)

    def ledger_of(self, vm_id: str) -> Ledger | None:
        """As `vm`; None where there is nothing to tell."""
        return self.vm(vm_id) if vm_id in self._evidence.vms and self.start < self.end else None

    def count(self, kind: str) -> int:
        """How many objects of a kind `outages_by_object` goes through."""
        return len(self._objects(kind))

    def outages_by_object(self, kind: str) -> Iterator[list[tuple[str, Outage]]]:
        """For each object of a kind its outages, each with the name that the object had then."""
        for key in self._objects(kind):
            if kind == VM:
                yield [(self.register.name(key, one.start), one) for one in outages(self.vm(key))]
            else:
                judge = self._judgement.host if kind == HOST else self._judgement.datastore
                name = self._names[kind].get(key, key)
                yield [(name, one) for one in outages(judge(key, self.start, self.end))]

    def _objects(self, kind: str) -> list[str]:
        if self.start >= self.end:
            return []
        if kind == VM:
            return self.vm_ids()
        objects = self._evidence.hosts if kind == HOST else self._evidence.datastores
        return [moid for moid in objects if not moid.startswith("@")]


def seconds_in(ledger: Ledger, states: Collection[State], start: datetime, end: datetime) -> float:
    """How long an object was in one of the states within [start, end); the time before its creation is not counted."""
    total = timedelta()
    for one in ledger.intervals:
        if one.state in states and one.cause is not Cause.NOT_CREATED:
            total += max(timedelta(), min(one.end, end) - max(one.start, start))
    return total.total_seconds()


def state_at_end(ledger: Ledger) -> tuple[State, datetime] | None:
    """The last state and since when; None for an empty ledger."""
    if not ledger.intervals:
        return None
    last = ledger.intervals[-1]
    since = last.start
    backwards: list[Interval] = list(reversed(ledger.intervals))
    for later, earlier in pairwise(backwards):
        if earlier.state is not later.state:
            break
        since = earlier.start
    return last.state, since


def _names(connection: sqlite3.Connection, vcenter: int, kind: str) -> dict[str, str]:
    rows = connection.execute(
        "SELECT moid, value, max(seq) FROM observations WHERE vcenter = ? AND kind = ? AND path = ? GROUP BY moid",
        (vcenter, kind, NAME),
    )
    return {moid: value for moid, value, _ in rows if value}
