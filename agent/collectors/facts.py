"""Keeps what objects are like and what each hour is like: a thread of its own that looks at the world once a minute."""

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from agent.clock import Clock
from agent.collectors.hour_account import HourAccount
from agent.collectors.ledger_status import LedgerReporter
from agent.collectors.loop import guarded
from agent.collectors.slot import WorldSlot
from agent.ledger.database import Database
from agent.ledger.facts import FactWriter
from agent.ledger.hour_facts import record_hours
from agent.ledger.store import LedgerStore
from agent.model.facts import Figure, HourFacts
from agent.model.inventory import Inventory
from agent.model.labelling import with_tags
from agent.model.tag_pair import TagPair
from agent.model.world import Target

_EVERY_S = 60.0
_FIRST_AFTER_S = 5.0
_PACES = ("inventory", "quick", "slow")
"""What has to be fresh: a value that was forgotten for its age is no change of the object."""


class FactKeeper:
    """Of all targets. Nothing that happens to it stops the collectors."""

    def __init__(
        self,
        database_file: Path,
        slot: WorldSlot,
        clock: Clock,
        figures: Callable[[Target, datetime], Iterable[Figure]] = lambda _target, _now: (),
    ) -> None:
        """`database_file` is opened by the thread itself, and opened again after a failure. `figures` are kept hourly."""
        self._figures = figures
        self._file, self._slot, self._clock = database_file, slot, clock
        self._reports = {name: LedgerReporter(slot, name, "facts", clock) for name in slot.read()[1].targets}
        self._database: Database | None = None
        self._targets: dict[str, _TargetFacts] = {}

    def run(self, stop: threading.Event) -> None:
        """Look until `stop` is set; then write what is begun of the hour."""
        pause = _FIRST_AFTER_S
        while not self._clock.wait(pause, stop):
            pause = _EVERY_S
            self._round(self._look)
        self._round(self._end)
        if self._database is not None:
            self._database.close()

    def _round(self, work: Callable[[Target], None]) -> None:
        for target in self._slot.read()[1].targets.values():
            report = self._reports[target.name]

            def one(target: Target = target, report: LedgerReporter = report) -> None:
                work(target)
                report.written()

            guarded(target.name, one, report.unavailable)

    def _look(self, target: Target) -> None:
        now = self._clock.now()
        inventory = target.visible_inventory(now)
        if inventory is None or target.clock_offset_s is None or not target.up:
            return
        if any(pace not in target.collectors or target.collectors[pace].stale(now) for pace in _PACES):
            return
        if target.labelling.categories and "tags" not in target.collectors:
            return  # to write every VM without its tags and soon again with them would be two changes that nobody made
        facts = self._facts_of(target, inventory)
        facts.look(target, now, self._figures(target, now))

    def _end(self, target: Target) -> None:
        facts = self._targets.get(target.name)
        if facts is not None:
            facts.end(self._clock.now())

    def _facts_of(self, target: Target, inventory: Inventory) -> "_TargetFacts":
        if self._database is None:
            self._database = Database(self._file)
        uuid = inventory.about.lasting_id(target.name)
        facts = self._targets.get(target.name)
        if facts is None or facts.uuid != uuid:
            vcenter = LedgerStore(self._database).vcenter(uuid, target.name, self._clock.now())
            facts = self._targets[target.name] = _TargetFacts(self._database, vcenter, uuid)
        return facts


class _TargetFacts:
    """Of one vCenter, as long as it is the same."""

    def __init__(self, database: Database, vcenter: int, uuid: str) -> None:
        self.uuid = uuid
        self._database, self._vcenter = database, vcenter
        self._writer = FactWriter(database, vcenter)
        self._account = HourAccount()
        self._unwritten: list[HourFacts] = []
        self._tags: Mapping[str, tuple[TagPair, ...]] | None = None
        """as they were read last: that they cannot be read for a while does not change an object"""

    def look(self, target: Target, learned_at: datetime, figures: Iterable[Figure]) -> None:
        inventory, at = target.inventory, learned_at + timedelta(seconds=target.clock_offset_s or 0)
        if inventory is None:
            return
        ended = self._account.look(inventory, target.performance, at, figures)
        if ended is not None:
            self._unwritten.append(ended)
        self._write_hours(learned_at)
        if target.labelling.tags is not None:
            self._tags = target.labelling.tags
        self._writer.keep(with_tags(inventory, self._tags), at, learned_at)

    def end(self, learned_at: datetime) -> None:
        begun = self._account.taken()
        if begun is not None:
            self._unwritten.append(begun)
        self._write_hours(learned_at)

    def _write_hours(self, learned_at: datetime) -> None:
        """A full disk keeps them waiting; they are few and small."""
        if self._unwritten:
            record_hours(self._database, self._vcenter, self._unwritten, self._account.moids, learned_at)
            self._unwritten.clear()
