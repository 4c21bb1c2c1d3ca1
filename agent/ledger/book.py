"""The ledger of one vCenter over a stretch of time: evidence read from the database, judged object by object."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from agent.ledger.combined import SaidBy, combined
from agent.ledger.database import Connection
from agent.ledger.judgement import Judgement
from agent.ledger.knowledge import Rules
from agent.ledger.outages import outages
from agent.ledger.recorded import Known, covered, platform_evidence, vm_evidence
from agent.ledger.vm_register import NAME, read_register
from agent.model.availability import Cause, Interval, Ledger, Outage, State

_LOOK_BACK = timedelta(days=45)
"""Evidence from so long before is read too: what held at the beginning rests on it. vCenter keeps events for 30 days."""
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
        self._keepers = tuple(
            _Keeper(connection, seq, label, self._since) for seq, label in known.kept_by or ((known.seq, None),)
        )
        self._names = {kind: _names(connection, known.seq, kind) for kind in (HOST, DATASTORE)}

    def ledgers(self) -> Iterator[tuple[str, Ledger]]:
        """Every VM of which there is evidence, by `vm_id`, without templates; nothing where no events are read yet.

        VMs are read and judged one at a time: with thousands, the evidence of all would not fit into memory, and with 80 it
        would be a tenth of it.
        """
        for vm_id, judged in self._judged():
            yield vm_id, _as_one(judged)

    def told_apart(self, kind: str) -> Iterator[tuple[str, list[SaidBy]]]:
        """In a merged ledger, for each object of a kind its name and what each of the ledgers says of it."""
        judged = self._judged() if kind == VM else self._judged_platform(kind)
        for one, found in judged:
            name = self.register.name(one) if kind == VM else self._names[kind].get(one, one)
            yield name, _said(found)

    def _judged(self) -> Iterator[tuple[str, list[tuple["_Keeper", Ledger]]]]:
        vm_ids = [one for one in self.register.vm_ids if self._only is None or one in self._only]
        for vm_id in vm_ids if self.start < self.end else ():
            judged = []
            for keeper in self._keepers:
                found = vm_evidence(self._connection, keeper.vcenter, self.register, (vm_id,), self._since)
                for one in found.values():
                    told = ((recorded.event.created, recorded.event.vm_name) for recorded in one.events)
                    self.register.hear(vm_id, ((at, name) for at, name in told if name))
                    judged.append((keeper, keeper.judgement.vm_by(one, self.start, self.end)))
            if judged:
                yield vm_id, judged

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
        for moid, judged in self._judged_platform(kind):
            name, ledger = self._names[kind].get(moid, moid), _as_one(judged)
            yield Account(name, tuple((name, one) for one in listed(ledger)), self.unknown_s(ledger))

    def unknown_s(self, ledger: Ledger, since: datetime | None = None) -> float:
        """Seconds in which nothing could tell, not counted before events were read for the first time."""
        start = max(since or self.start, self.began or self.start)
        return seconds_in(ledger, {State.UNKNOWN}, start, self.end)

    def _judged_platform(self, kind: str) -> Iterator[tuple[str, list[tuple["_Keeper", Ledger]]]]:
        for moid in self._objects(kind):
            keepers = (keeper for keeper in self._keepers if moid in keeper.objects(kind))
            yield moid, [(keeper, keeper.judged(kind, moid, self.start, self.end)) for keeper in keepers]

    def _objects(self, kind: str) -> list[str]:
        found = dict.fromkeys(moid for keeper in self._keepers for moid in keeper.objects(kind))
        return [moid for moid in found if not moid.startswith("@")] if self.start < self.end else []


class _Keeper:
    """The evidence that one agent kept of the vCenter; in a merged ledger there are several, each judged by itself."""

    def __init__(self, connection: Connection, vcenter: int, label: str | None, since: datetime) -> None:
        """`vcenter` is its number among this agent's rows, `label` names the ledger if it is one of several."""
        self.vcenter, self.label = vcenter, label
        self.platform = platform_evidence(connection, vcenter, since)
        self.judgement = Judgement(self.platform)

    def objects(self, kind: str) -> Collection[str]:
        return self.platform.hosts if kind == HOST else self.platform.datastores

    def judged(self, kind: str, moid: str, start: datetime, end: datetime) -> Ledger:
        judge = self.judgement.host if kind == HOST else self.judgement.datastore
        return judge(moid, start, end)


def _as_one(judged: Sequence[tuple[_Keeper, Ledger]]) -> Ledger:
    """What one agent knows, or several together."""
    if judged[0][0].label is None:
        return judged[0][1]
    return combined(_said(judged), Rules())


def _said(judged: Sequence[tuple[_Keeper, Ledger]]) -> list[SaidBy]:
    return [SaidBy(label=keeper.label or "", ledger=ledger, read=keeper.judgement.read) for keeper, ledger in judged]


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
