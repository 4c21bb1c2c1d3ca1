"""The ledgers of one vCenter's objects, judged anew only where something was learned.

Where nothing was learned of a VM and the events were read on, its last state went on: the ledger that would be judged
anew from all evidence is the old one, made longer. Judging 1,000 VMs anew every 15 seconds was more than half of the
agent's CPU.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from agent.collectors.earlier_months import Sums, sums
from agent.dataclass import dataclass
from agent.ledger.book import DATASTORE, HOST, NOT_UP, Book, listed, seconds_in, state_at_end
from agent.ledger.database import Connection
from agent.ledger.news import news
from agent.ledger.recorded import Known, covered
from agent.ledger.vm_register import vm_id_of
from agent.model.availability import Cause, Contradiction, Interval, Ledger, Outage, State

_EVERY_ROUND = timedelta(minutes=3)
"""After news: as long as the margins for late properties and lost hosts last (agent.ledger.knowledge.Rules)."""
_SETTLED = timedelta(minutes=12)
"""Once more when a contradiction has waited long enough for an event that explains it. Between the two nothing but
time passes: to judge every minute of it was half of all judging."""


class More(NamedTuple):
    """Time after the judged time, in which nothing was learned; `read_at` is when the events of it were read."""

    start: datetime
    end: datetime
    read_at: datetime | None

    @property
    def seconds(self) -> float:
        """Length."""
        return (self.end - self.start).total_seconds()

    def of(self, outage: Outage) -> Outage:
        """An outage that lasted until the end of the judged time lasts on."""
        if not outage.ongoing or outage.end != self.start:
            return outage
        learned = [at for at in (outage.learned_at, self.read_at) if at is not None]
        start = outage.start if outage.start < outage.end else self.end
        return replace(outage, start=start, end=self.end, learned_at=max(learned, default=None))


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedVm:
    """What the page needs of one VM's ledger; the month is the one in which the judged time ends."""

    name: str
    state: State
    since: datetime
    outages: tuple[tuple[str, Outage], ...]
    """of the whole judged time, each with the name that the VM had then"""
    contradictions: int
    """of the month"""
    month: Sums
    total: Sums
    """of the whole judged time"""
    unsettled: bool
    """two proofs disagree up to now: how long nothing can tell will only turn out"""

    def longer(self, more: More) -> "JudgedVm":
        """The same when nothing happened in more time; the very same object if it was up."""
        if self.state in NOT_UP:
            sums = Sums(down_s=more.seconds)
        elif self.state is State.UNKNOWN:
            sums = Sums(unknown_s=more.seconds)
        else:
            return self
        longer = tuple((name, more.of(one)) for name, one in self.outages)
        return replace(self, outages=longer, month=self.month + sums, total=self.total + sums)


@dataclass(slots=True)
class _Attention:
    """When to judge anew after news of `since`; events of the last moments are beyond what may be judged yet."""

    since: datetime
    judged_at: datetime | None = None

    def due(self, end: datetime) -> bool:
        if self.judged_at is None or end <= self.since + _EVERY_ROUND:
            return True
        return any(self.judged_at < self.since + wait <= end for wait in (_EVERY_ROUND, _SETTLED))

    def over(self, end: datetime) -> bool:
        return end >= self.since + _SETTLED


class JudgedObjects:
    """Of one vCenter from the beginning of some time on; `judge` goes on from what it judged before."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.vms: dict[str, JudgedVm] = {}
        self.platform: tuple[tuple[str, str, Outage], ...] = ()
        """kind, name then, outage of hosts and datastores"""
        self.began: datetime | None = None
        """from when on events are read"""
        self.start = self.end = datetime.min.replace(tzinfo=UTC)
        self.judged_anew = 0
        """how many VMs the last round judged from their evidence"""
        self._seq = 0
        self._spans: tuple[tuple[str, int], ...] = ()
        self._watched: dict[str, _Attention] = {}
        self._all_watched: _Attention | None = None

    def judge(self, connection: Connection, start: datetime, now: datetime) -> bool:
        """Judge [start, now) as far as events are read; False where none are. `connection` is in a reading transaction."""
        read = covered(connection, self.known.seq)
        end = min(now, read[1]) if read else start
        if read is None or start >= end:
            return False
        self.began = read[0]
        fresh = news(connection, self.known.seq, self._seq)
        anew = (
            start != self.start
            or end < self.end
            or fresh.spans != self._spans
            or month_begin(end) != month_begin(self.end)
        )
        self._seq, self._spans = fresh.seq, fresh.spans
        if fresh.platform is not None:
            self._all_watched = _Attention(fresh.platform)
        everything = anew or (self._all_watched is not None and self._all_watched.due(end))
        if everything and self._all_watched is not None:
            self._all_watched.judged_at = end
        some = self._due_vms(connection, fresh.vms, end, everything=everything)
        earlier, self.start, self.end = self.end, start, end
        self.judged_anew = 0
        if not everything:
            self._make_longer(More(earlier, end, fresh.read_at), without=some)
        platform = everything or any(one.end > earlier - _SETTLED for _, _, one in self.platform)
        if some or platform:
            book = Book(connection, self.known, start, end, only=None if everything else some)
            self._judge_anew(book, everything=everything, platform=platform)
        return True

    def _due_vms(
        self, connection: Connection, fresh: Mapping[str, datetime], end: datetime, *, everything: bool
    ) -> frozenset[str]:
        for moid, at in fresh.items():
            self._watched[vm_id_of(connection, self.known.seq, moid)] = _Attention(at)
        due = {vm_id for vm_id, one in self._watched.items() if everything or one.due(end)}
        for vm_id in due:
            self._watched[vm_id].judged_at = end
        self._watched = {vm_id: one for vm_id, one in self._watched.items() if not one.over(end)}
        return frozenset(due).union(vm_id for vm_id, vm in self.vms.items() if vm.unsettled)

    def _make_longer(self, more: More, *, without: frozenset[str]) -> None:
        for vm_id, vm in self.vms.items():
            if vm_id not in without:
                self.vms[vm_id] = vm.longer(more)
        self.platform = tuple((kind, name, more.of(one)) for kind, name, one in self.platform)

    def _judge_anew(self, book: Book, *, everything: bool, platform: bool) -> None:
        found = {vm_id: _judged(book, vm_id, ledger) for vm_id, ledger in book.ledgers()}
        self.judged_anew = len(found)
        if everything:
            self.vms = {}
        if platform:
            self.platform = tuple(
                (kind, name, one)
                for kind in (HOST, DATASTORE)
                for account in book.accounts(kind)
                for name, one in account.outages
            )
        self.vms.update((vm_id, vm) for vm_id, vm in found.items() if vm is not None)


def _judged(book: Book, vm_id: str, ledger: Ledger) -> JudgedVm | None:
    state = state_at_end(ledger)
    if state is None:
        return None
    month = max(month_begin(book.end), book.start)
    found = listed(ledger)
    return JudgedVm(
        name=book.register.name(vm_id),
        state=state[0],
        since=max(state[1], book.began or state[1]),
        outages=tuple((book.register.name(vm_id, one.start), one) for one in found),
        contradictions=sum(one.end > month for one in ledger.contradictions),
        month=Sums(
            outages=sum(one.end >= month for one in found),
            down_s=seconds_in(ledger, NOT_UP, month, book.end),
            unknown_s=book.unknown_s(ledger, month),
        ),
        total=sums(book, ledger),
        unsettled=any(one.end > book.end - _SETTLED for one in _disputed(ledger)),
    )


def _disputed(ledger: Ledger) -> Iterator[Contradiction | Interval]:
    yield from ledger.contradictions
    yield from (one for one in ledger.intervals if one.cause is Cause.CONTRADICTION)


def month_begin(at: datetime) -> datetime:
    """Of the calendar month, in the time's own zone."""
    return at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
