"""Judges the contract's claims over and over, in a thread of its own that only reads: the ledger and the contract's folder."""

import logging
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from agent.claims.evaluation import evaluate
from agent.claims.folder import read_folder, stamp
from agent.claims.incidents import match_incidents
from agent.claims.month import Month
from agent.claims.terms import newest
from agent.clock import Clock
from agent.collectors.loop import guarded
from agent.collectors.month_account import billed, server_outages
from agent.collectors.month_evidence import month_evidence
from agent.collectors.slot import WorldSlot
from agent.errors import AgentError, ConfigError
from agent.ledger.database import Connection, Database
from agent.model.builds import BuildTable
from agent.model.claims_status import ClaimsStatus, Papers, PastFigure
from agent.model.contract_claims import Measure
from agent.model.contract_folder import ContractFolder
from agent.model.verdict import MonthResult

log = logging.getLogger("checkmeter.claims")

_FIRST_AFTER_S = 10.0
_EVERY_S = 300.0
_SHARE_OF_TIME = 600.0
"""At most a six-hundredth of the time is spent on it, a month being judged of which five minutes change little,"""
_RAREST_S = 1200.0
"""but it is done every twenty minutes,"""
_PAUSE_PER_ROUND = 20.0
"""unless that were more than a twentieth of the time: tens of thousands of VMs."""
_PAST_MONTHS = 12
_ANEW_AFTER = timedelta(days=1)
"""Months that are over are judged again so often: later proof may rewrite them."""
_TOO_OLD = timedelta(hours=1)
"""Figures that could not be judged anew for so long leave the page."""


class ClaimsJudge:
    """Publishes the running month, the one before, and one more of the months before at a time."""

    def __init__(self, database_file: Path, contract: Path, slot: WorldSlot, clock: Clock, builds: BuildTable) -> None:
        """`database_file` is opened by the thread itself, once it is there; `contract` is the folder."""
        self._file, self._contract, self._slot, self._clock, self._builds = database_file, contract, slot, clock, builds
        self._database: Database | None = None
        self._status = ClaimsStatus()
        self._past: dict[str, tuple[datetime, MonthResult]] = {}
        self._papers: dict[str, Papers] = {}
        self._files: tuple[object, ...] = ()
        self._folder: tuple[object, ContractFolder] | None = None
        """as it was read last, and the stamp that it had"""

    def run(self, stop: threading.Event) -> None:
        """Judge until `stop` is set."""
        pause = _FIRST_AFTER_S
        try:
            while not self._clock.wait(pause, stop):
                began = self._clock.monotonic()
                guarded("claims", self._round, self._failed)
                pause = pause_after(self._clock.monotonic() - began)
        finally:
            if self._database is not None:
                self._database.close()

    def _round(self) -> None:
        folder = self._read_folder()
        if folder.files != self._files:
            self._files, self._past, self._papers = folder.files, {}, {}
        contract = newest(folder)
        self._status = replace(
            self._status,
            contract=contract.metadata.name,
            display_name=contract.metadata.display_name,
            revision=contract.metadata.revision,
            valid=True,
            recorded=frozenset(
                claim.measure
                for one in folder.contracts
                for claim in one.spec.claims
                if claim.measure not in set(Measure)
            ),
        )
        if self._database is None:
            self._database = Database(self._file)
        now = self._clock.now()
        this = Month.holding(now, contract.spec.time_zone)
        with self._database.reading() as connection:
            self._judge_past(connection, folder, this, now)
            result = self._judge(connection, folder, this, now, earlier=self._of_the_year(this))
        last = self._past.get(this.previous.name)
        months = {this.name: result} | ({last[1].month: last[1]} if last else {})
        self._publish(
            replace(
                self._status,
                problems=(),
                months=months,
                papers={name: self._papers[name] for name in months if name in self._papers},
                this_month=this.name,
                last_month=this.previous.name if last else None,
                history=tuple(_history(self._past, this.previous.name)),
                evaluated_at=now,
            )
        )

    def _read_folder(self) -> ContractFolder:
        found = stamp(self._contract)  # before it is read: what is written meanwhile is another stamp next time
        if self._folder is None or not found or self._folder[0] != found:
            self._folder = None
            self._folder = (found, read_folder(self._contract))
        return self._folder[1]

    def _judge_past(self, connection: Connection, folder: ContractFolder, this: Month, now: datetime) -> None:
        """The months of this year that caps rest on at once; of the others the one that waits longest."""
        months = [this.previous]
        while len(months) <= _PAST_MONTHS:
            months.append(months[-1].previous)
        self._past = {one.name: self._past[one.name] for one in months if one.name in self._past}
        for one in months[1:]:
            if one.name in self._past:
                judged_at, result = self._past[one.name]
                self._past[one.name] = (judged_at, _light(result))
        due = [one for one in months if one.name not in self._past or now - self._past[one.name][0] > _ANEW_AFTER]
        at_once = [one for one in reversed(due) if one is months[0] or one.year == this.year]
        for one in at_once or due[:1]:
            result = self._judge(connection, folder, one, now, earlier=self._of_the_year(one))
            self._past[one.name] = (now, result if one == this.previous else _light(result))
        self._papers = {
            name: papers for name, papers in self._papers.items() if name in {this.name, this.previous.name}
        }

    def _judge(
        self, connection: Connection, folder: ContractFolder, month: Month, now: datetime, earlier: list[MonthResult]
    ) -> MonthResult:
        evidence = month_evidence(connection, folder, month.name, now, self._builds)
        result = evaluate(folder, month.name, evidence, earlier)
        bill = billed(connection, folder, month, evidence.until) if month.name in folder.bills else None
        outages = server_outages(evidence, result, month)
        incidents = match_incidents(outages, folder.incidents, month.start, month.end)
        self._papers[month.name] = Papers(bill=bill, incidents=incidents)
        return result

    def _of_the_year(self, month: Month) -> list[MonthResult]:
        return [
            one for name, (_, one) in sorted(self._past.items()) if name < month.name and name[:4] == month.name[:4]
        ]

    def _failed(self, error: AgentError) -> None:
        wrong = isinstance(error, ConfigError)
        problems = error.problems if isinstance(error, ConfigError) else (str(error),)
        if problems != self._status.problems:
            log.error("claims cannot be judged", extra={"problem": problems[0], "problems": len(problems)})
        status = replace(self._status, problems=tuple(problems), valid=False if wrong else self._status.valid)
        evaluated = status.evaluated_at
        if evaluated is not None and self._clock.now() - evaluated > _TOO_OLD:
            status = replace(status, months={}, papers={}, history=())
        self._publish(status)

    def _publish(self, status: ClaimsStatus) -> None:
        self._status = status
        self._slot.update_claims(status)


def pause_after(round_s: float) -> float:
    """Seconds until the next round, by what one takes: 300 at 80 VMs, 1,200 from 1,000 on."""
    return max(_EVERY_S, min(_RAREST_S, _SHARE_OF_TIME * round_s), _PAUSE_PER_ROUND * round_s)


def _light(result: MonthResult) -> MonthResult:
    """Without what is only shown of the running month and the last one: each server with its outages."""
    return replace(result, claims=tuple(replace(one, objects=()) for one in result.claims), planned=())


def _history(past: dict[str, tuple[datetime, MonthResult]], last: str) -> list[PastFigure]:
    return [
        PastFigure(month=name, claim=one.claim.id, bounds=one.bounds)
        for name, (_, result) in sorted(past.items())
        if name <= last
        for one in result.claims
        if one.claim.measure == Measure.AVAILABILITY and one.bounds is not None and one.coverage
    ]
