"""Judges the ledgers for page and metrics, and follows the chain of hashes: a thread of its own, which only reads."""

import logging
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from agent.clock import Clock
from agent.collectors.earlier_months import EarlierMonths, Sums
from agent.collectors.judged import JudgedObjects, JudgedVm, month_begin
from agent.collectors.ledger_status import LedgerReporter
from agent.collectors.loop import guarded
from agent.collectors.slot import WorldSlot
from agent.dataclass import dataclass
from agent.errors import AgentError
from agent.ledger.book import VM
from agent.ledger.chain import NO_HASH, verify
from agent.ledger.database import Database
from agent.ledger.recorded import Known, vcenters
from agent.model.identity import vm_ids
from agent.model.world import LedgerStatus, RecentOutage, Target, VmAvailability

log = logging.getLogger("checkmeter.ledger")

_EVERY_S = 30.0
_FIRST_S = 5.0
"""as long as there is a vCenter that answers and is not judged yet"""
_PAUSE_PER_ROUND = 40.0
"""At most a fortieth of the time is spent on it, however large the estate."""
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
        self._judged: dict[int, JudgedObjects] = {}
        self._earlier = EarlierMonths()
        self._awaited = True
        self._said: str | None = None

    def run(self, stop: threading.Event) -> None:
        """Judge until `stop` is set."""
        pause = 1.0
        try:
            while not self._clock.wait(pause, stop):
                began = self._clock.monotonic()
                guarded("ledger", self._round, self._failed)
                pause = max(
                    _FIRST_S if self._awaited else _EVERY_S, _PAUSE_PER_ROUND * (self._clock.monotonic() - began)
                )
        finally:
            if self._database is not None:
                self._database.close()

    def _round(self) -> None:
        if self._database is None:
            self._database = Database(self._file)
        self._follow_chain(self._database)
        with self._database.reading() as connection:
            known = vcenters(connection)
        self._awaited = False
        for target in self._slot.read()[1].targets.values():
            one = _of(target, known)
            found = one is not None and self._judge(self._database, target, one)
            self._awaited |= target.up and not found
            self._reports[target.name].written()

    def _failed(self, error: AgentError) -> None:
        for report in self._reports.values():
            report.unavailable(error)

    def _judge(self, database: Database, target: Target, known: Known) -> bool:
        """Publish what is found; False while no events are read."""
        offset = timedelta(seconds=target.clock_offset_s or 0)
        now = self._clock.now() + offset
        start = month_begin(month_begin(now) - timedelta(days=1))
        judged = self._judged.setdefault(known.seq, JudgedObjects(known))
        with database.reading() as connection:
            found = judged.judge(connection, start, now)
        if found:
            earlier = self._earlier.totals(known, judged.began or start, start)
            summary = _summary(judged, target, earlier)
            self._reports[target.name].change(lambda status: replace(status, **summary))
        # After what is wanted at once: as many rounds as the ledger has months until the totals are there.
        self._earlier.judge_one(database, known, start, now)
        return found

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


def _summary(judged: JudgedObjects, target: Target, earlier: Mapping[str, Sums] | None) -> dict[str, Any]:
    """What a LedgerStatus says; `earlier` are sums of before the judged time."""
    present = set(vm_ids(target.inventory.vms).values()) if target.inventory else set()
    before = target.ledger.vms
    vms: dict[str, VmAvailability] = {}
    for vm_id, vm in judged.vms.items():
        if vm_id in present:
            shown = _availability(vm, None if earlier is None else earlier.get(vm_id, Sums()))
            vms[vm_id] = before[vm_id] if before.get(vm_id) == shown else shown
    recent = [
        *(RecentOutage(kind=VM, name=name, outage=one) for vm in judged.vms.values() for name, one in vm.outages),
        *(RecentOutage(kind=kind, name=name, outage=one) for kind, name, one in judged.platform),
    ]
    recent.sort(key=lambda one: one.outage.start, reverse=True)
    return {
        "judged_until": judged.end,
        "vms": vms,
        "contradictions": sum(vm.contradictions for vm in judged.vms.values()),
        "recent_outages": tuple(recent[:_MOST_RECENT]),
    }


def _availability(vm: JudgedVm, earlier: Sums | None) -> VmAvailability:
    total = None if earlier is None else earlier + vm.total
    return VmAvailability(
        name=vm.name,
        state=vm.state,
        since=vm.since,
        month_outages=vm.month.outages,
        month_down_s=vm.month.down_s,
        month_unknown_s=vm.month.unknown_s,
        outages=total.outages if total else None,
        down_s=total.down_s if total else None,
        unknown_s=total.unknown_s if total else None,
    )


def _of(target: Target, known: tuple[Known, ...]) -> Known | None:
    """The vCenter in the ledger that a target is; by name as long as it has not been read."""
    uuid = target.inventory.about.instance_uuid if target.inventory else None
    for one in known:
        if one.uuid == (uuid or target.name):
            return one
    return next((one for one in reversed(known) if one.name == target.name), None) if uuid is None else None
