"""The ledger of one vCenter over a stretch of time: evidence read from the database, judged object by object."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from agent.ledger.database import Connection
from agent.ledger.judgement import Judgement
from agent.ledger.outages import outages
from agent.ledger.recorded import Known, covered, platform_evidence, vm_evidence
from agent.ledger.vm_register import NAME, read_register
from agent.model.availability import Cause, Interval, Ledger, Outage, State

_LOOK_BACK = timedelta(days=45)
"""Evidence from so long before is read too: what held at the beginning rests on it. vCenter keeps events for 30 days."""
_AT_A_TIME = 250
VM, HOST, DATASTORE = "vm", "host", "datastore"
NOT_UP = frozenset({State.DOWN, State.SUSPENDED, State.GUEST_SILENT})


class Account(NamedTuple):
    """What the ledger says of one object over the time that is asked for."""

    name: str
    """what it is called now"""
    outages: tuple[tuple[str, Outage], ...]
    """each with the name that the object had then"""
    unknown_s: float


class Book:
    """The reading transaction that it is made in must last for as long as it is asked."""

    def __init__(
        self,
        connection: Connection,
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
        self._connection, self.known = connection, known
        read = covered(connection, known.seq)
        self.began = read[0] if read else None
        """from when on events are read"""
        self.until = read[1] if read else None
        """up to when events are read"""
        self.start, self.end = start, min(end, self.until) if self.until else start
        self.register = read_register(connection, known.seq)
        self._since = start - _LOOK_BACK
        self._only = only
        self._platform = platform_evidence(connection, known.seq, self._since)
        self._judgement = Judgement(self._platform)
        self._names = {kind: _names(connection, known.seq, kind) for kind in (HOST, DATASTORE)}

    def ledgers(self) -> Iterator[tuple[str, Ledger]]:
        """Every VM of which there is evidence, by `vm_id`, without templates; nothing where no events are read yet.

        VMs are read and judged some at a time: with thousands, the evidence of all would not fit into memory.
        """
        vm_ids = [one for one in self.register.vm_ids if self._only is None or one in self._only]
        for first in range(0, len(vm_ids) if self.start < self.end else 0, _AT_A_TIME):
            some = vm_ids[first : first + _AT_A_TIME]
            vms = vm_evidence(self._connection, self.known.seq, self.register, some, self._since)
            for vm_id, one in vms.items():
                told = ((recorded.event.created, recorded.event.vm_name) for recorded in one.events)
                self.register.hear(vm_id, ((at, name) for at, name in told if name))
            judgement = Judgement(replace(self._platform, vms=vms))
            for vm_id in vms:
                yield vm_id, judgement.vm(vm_id, self.start, self.end)

    def count(self, kind: str) -> int:
        """How many objects of a kind `accounts` goes through, at most."""
        if kind == VM:
            return len(self.register.vm_ids if self._only is None else self._only)
        return len(self._objects(kind))

    def accounts(self, kind: str) -> Iterator[Account]:
        """For each object of a kind its outages, and how long nothing could tell."""
        if kind == VM:
            for vm_id, ledger in self.ledgers():
                found = tuple((self.register.name(vm_id, one.start), one) for one in listed(ledger))
                yield Account(self.register.name(vm_id), found, self.unknown_s(ledger))
            return
        judge = self._judgement.host if kind == HOST else self._judgement.datastore
        for moid in self._objects(kind):
            name, ledger = self._names[kind].get(moid, moid), judge(moid, self.start, self.end)
            yield Account(name, tuple((name, one) for one in listed(ledger)), self.unknown_s(ledger))

    def unknown_s(self, ledger: Ledger, since: datetime | None = None) -> float:
        """Seconds in which nothing could tell, not counted before events were read for the first time."""
        start = max(since or self.start, self.began or self.start)
        return seconds_in(ledger, {State.UNKNOWN}, start, self.end)

    def _objects(self, kind: str) -> list[str]:
        objects = self._platform.hosts if kind == HOST else self._platform.datastores
        return [moid for moid in objects if not moid.startswith("@")] if self.start < self.end else []


def listed(ledger: Ledger) -> tuple[Outage, ...]:
    """The outages of a ledger; that of an object that had been removed before it began is none of this time."""
    return tuple(
        one for one in outages(ledger) if not (one.cause is Cause.REMOVED and one.earliest_start <= ledger.start)
    )


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


def _names(connection: Connection, vcenter: int, kind: str) -> dict[str, str]:
    rows = connection.execute(
        "SELECT moid, value, max(seq) FROM observations WHERE vcenter = ? AND kind = ? AND path = ? GROUP BY moid",
        (vcenter, kind, NAME),
    )
    return {moid: value for moid, value, _ in rows if value}
