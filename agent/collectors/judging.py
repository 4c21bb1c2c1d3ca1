"""Judges the ledgers for page and metrics, and follows the chain of hashes: a thread of its own, which only reads."""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from agent.clock import Clock
from agent.collectors.earlier_months import EarlierMonths, Sums, sums
from agent.collectors.ledger_status import LedgerReporter
from agent.collectors.loop import guarded
from agent.collectors.slot import WorldSlot
from agent.errors import AgentError
from agent.ledger.book import DATASTORE, HOST, NOT_UP, VM, Book, listed, seconds_in, state_at_end
from agent.ledger.chain import NO_HASH, verify
from agent.ledger.database import Database
from agent.ledger.recorded import Known, vcenters
from agent.model.identity import vm_ids
from agent.model.world import LedgerStatus, RecentOutage, Target, VmAvailability

log = logging.getLogger("checkmeter.ledger")

_EVERY_S = 15.0
_PAUSE_PER_ROUND = 10.0
"""At most a tenth of the time is spent on it, however large the estate."""
_ROWS_A_ROUND = 20_000
_ANEW_AFTER = timedelta(days=1)
_MOST_RECENT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Followed:
    """How far the chain was followed since it was begun anew."""

    seq: int = 0
    hash: bytes = NO_HASH
    begun_at: datetime | None = None


class LedgerJudge:
    """Publishes what the ledger says into every target of the world."""

    def __init__(self, database_file: Path, slot: WorldSlot, clock: Clock) -> None:
        """`database_file` is opened by the thread itself, once it is there."""
        self._file, self._slot, self._clock = database_file, slot, clock
        self._reports = {name: LedgerReporter(slot, name, "judgement", clock) for name in slot.read()[1].targets}
        self._database: Database | None = None
        self._followed = _Followed()
        self._earlier = EarlierMonths()
        self._said: str | None = None

    def run(self, stop: threading.Event) -> None:
        """Judge until `stop` is set."""
        pause = 1.0
        try:
            while not self._clock.wait(pause, stop):
                began = self._clock.monotonic()
                guarded("ledger", self._round, self._failed)
                pause = max(_EVERY_S, _PAUSE_PER_ROUND * (self._clock.monotonic() - began))
        finally:
            if self._database is not None:
                self._database.close()

    def _round(self) -> None:
        if self._database is None:
            self._database = Database(self._file)
        self._follow_chain(self._database)
        with self._database.reading() as connection:
            known = vcenters(connection)
        for target in self._slot.read()[1].targets.values():
            if (one := _of(target, known)) is not None:
                self._judge(self._database, target, one)
            self._reports[target.name].written()

    def _failed(self, error: AgentError) -> None:
        for report in self._reports.values():
            report.unavailable(error)

    def _judge(self, database: Database, target: Target, known: Known) -> None:
        offset = timedelta(seconds=target.clock_offset_s or 0)
        now = self._clock.now() + offset
        month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        start = (month - timedelta(days=1)).replace(day=1)
        with database.reading() as connection:
            book = Book(connection, known, start, now)
            earlier = self._earlier.totals(known, book.began or start, start)
            summary = _summary(book, target, earlier)
        if summary is not None:
            self._reports[target.name].change(lambda status: replace(status, **summary))
        # After what is wanted at once: as many rounds as the ledger has months until the totals are there.
        self._earlier.judge_one(database, known, start, now)

    def _follow_chain(self, database: Database) -> None:
        """Some rows a round, so that nobody waits; all of them anew once a day, for old rows may be altered later."""
        now = self._clock.now()
        followed = self._followed
        if followed.begun_at is None or now - followed.begun_at > _ANEW_AFTER:
            followed = _Followed(begun_at=now)
        with database.reading() as connection:
            checked = verify(connection, followed.seq, followed.hash, _ROWS_A_ROUND)
        self._followed = replace(followed, seq=checked.seq, hash=checked.hash)
        if checked.found is not None:
            if checked.found.problem != self._said:
                log.error("the ledger was altered", extra={"row": checked.found.seq, "problem": checked.found.problem})
            self._followed = replace(followed, seq=0, hash=NO_HASH)
        elif not checked.complete:
            return
        problem = checked.found.problem if checked.found else None
        self._said = problem

        def change(status: LedgerStatus) -> LedgerStatus:
            return replace(
                status,
                chain_valid=problem is None,
                chain_problem=problem,
                chain_rows=checked.seq,
                verified_at=now,
            )

        for report in self._reports.values():
            report.change(change)


def _summary(book: Book, target: Target, earlier: Mapping[str, Sums] | None) -> dict[str, Any] | None:
    """What a LedgerStatus says; `earlier` are sums of before the book's time. None before events are read."""
    if book.until is None or book.began is None or book.start >= book.end:
        return None
    month = book.until.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    present = set(vm_ids(target.inventory.vms).values()) if target.inventory else set()
    vms: dict[str, VmAvailability] = {}
    recent: list[RecentOutage] = []
    contradictions = 0
    for vm_id, ledger in book.ledgers():
        found = listed(ledger)
        recent += [RecentOutage(kind=VM, name=book.register.name(vm_id, one.start), outage=one) for one in found]
        contradictions += sum(one.end > month for one in ledger.contradictions)
        state = state_at_end(ledger)
        if vm_id in present and state is not None:
            total = None if earlier is None else earlier.get(vm_id, Sums()) + sums(book, ledger)
            vms[vm_id] = VmAvailability(
                name=book.register.name(vm_id),
                state=state[0],
                since=max(state[1], book.began),
                month_outages=sum(one.end >= month for one in found),
                month_down_s=seconds_in(ledger, NOT_UP, month, book.end),
                month_unknown_s=book.unknown_s(ledger, month),
                outages=total.outages if total else None,
                down_s=total.down_s if total else None,
                unknown_s=total.unknown_s if total else None,
            )
    for kind in (HOST, DATASTORE):
        for account in book.accounts(kind):
            recent += [RecentOutage(kind=kind, name=name, outage=one) for name, one in account.outages]
    recent.sort(key=lambda one: one.outage.start, reverse=True)
    return {
        "judged_until": book.end,
        "vms": vms,
        "contradictions": contradictions,
        "recent_outages": tuple(recent[:_MOST_RECENT]),
    }


def _of(target: Target, known: tuple[Known, ...]) -> Known | None:
    """The vCenter in the ledger that a target is; by name as long as it has not been read."""
    uuid = target.inventory.about.instance_uuid if target.inventory else None
    for one in known:
        if one.uuid == (uuid or target.name):
            return one
    return next((one for one in reversed(known) if one.name == target.name), None) if uuid is None else None
