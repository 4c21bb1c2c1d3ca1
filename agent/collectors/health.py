"""Makes all health checks of all targets, over and over, in a thread of its own, and publishes what they say."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from agent.clock import Clock
from agent.collectors.finding_keeper import FindingKeeper
from agent.collectors.loop import guarded
from agent.collectors.slot import WorldSlot
from agent.collectors.space_trend import SpaceTrend
from agent.dataclass import dataclass
from agent.errors import AgentError
from agent.health.catalogue import counters_looked_at
from agent.health.kept import KeptVerdicts
from agent.health.look import Look
from agent.health.measured import Lately
from agent.health.runner import evaluate
from agent.health.settings import HealthSettings
from agent.ledger.database import Database, LedgerUnavailable
from agent.ledger.recent_events import events_after
from agent.ledger.recorded import vcenter_with
from agent.ledger.store import LedgerStore
from agent.ledger.windows import covered
from agent.model.builds import BuildTable
from agent.model.event import Event
from agent.model.health import HealthReport
from agent.model.inventory import Inventory
from agent.model.world import Target

log = logging.getLogger("checkmeter.health")

EVENTS_BACK = timedelta(days=31)
"""How far back checks may look at events."""
_MARGIN = timedelta(hours=1)
_LATE = timedelta(minutes=15)
"""Events that lag so far behind say nothing of now."""
_PAUSE_PER_ROUND = 20
"""A round that takes long is made more rarely: at most a twentieth of a core."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthRules:
    """What the checks are made with. `settings` is asked anew each round and raises an AgentError if it is wrong."""

    settings: Callable[[], HealthSettings]
    builds: BuildTable
    kinds: Callable[[], frozenset[str]]
    """the kinds of events that checks look at; asked once something was read, for it brings in the checks themselves"""
    interval_s: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _EventsRead:
    """What was read of one vCenter's events, up to row `seq`; oldest first."""

    seq: int = 0
    events: tuple[Event, ...] = ()


class HealthCollector:
    """Owned by one thread; reads the world and the ledger, never vCenter."""

    def __init__(self, names: Sequence[str], database: Path, slot: WorldSlot, clock: Clock, rules: HealthRules) -> None:
        """`names` are those of the targets; `database` is opened by the collector's own thread."""
        self._names, self._file, self._slot, self._clock, self._rules = tuple(names), database, slot, clock, rules
        self._database: Database | None = None
        self._settings = HealthSettings()
        self._counters: dict[str, Lately] = {}
        self._verdicts: dict[str, KeptVerdicts] = {}
        self._keepers: dict[str, FindingKeeper] = {}
        self._trends: dict[str, SpaceTrend] = {}
        self._events_read: dict[str, _EventsRead] = {}
        self._said: str | None = None

    def run(self, stop: threading.Event) -> None:
        """Check until `stop` is set."""
        pause = 1.0
        try:
            while not self._clock.wait(pause, stop):
                began = self._clock.monotonic()
                guarded("health", self._round, self._failed)
                waiting = any(target.health is None for target in self._slot.read()[1].targets.values())
                spent = self._clock.monotonic() - began
                pause = max(2.0 if waiting else self._rules.interval_s, _PAUSE_PER_ROUND * spent)
        finally:
            if self._database is not None:
                self._database.close()

    def _round(self) -> None:
        try:
            self._settings = self._rules.settings()
            self._said = None
        except AgentError as error:  # a mistake in a file must not end the checks: the last good settings hold
            self._failed(error)
        for name in self._names:
            target = self._slot.read()[1].targets[name]
            guarded(name, partial(self._judge, target), self._failed)

    def _judge(self, target: Target) -> None:
        now = self._clock.now()
        if target.performance is not None:
            before = self._counters.get(target.name, Lately())
            self._counters[target.name] = before.and_then(now, target.performance, counters_looked_at())
        inventory = target.visible_inventory(now)
        if inventory is None or inventory.quick_read_at is None or inventory.slow_read_at is None:
            report = None  # what was said last is older than what may be shown
        else:
            events, since = self._events(target, now)
            look = Look(
                now=now,
                target=target,
                inventory=inventory,
                events=events,
                events_since=since,
                measured=self._counters.get(target.name, Lately()).measured(),
                builds=self._rules.builds,
                free_space=self._free_space(target, inventory, now),
            )
            kept = self._verdicts.setdefault(target.name, KeptVerdicts())
            report = self._kept(target, evaluate(look, self._settings, kept=kept))
        self._slot.update(target.name, lambda current: replace(current, health=report))

    def _free_space(self, target: Target, inventory: Inventory, now: datetime) -> dict[str, list[tuple[datetime, int]]]:
        """What the ledger has of the last weeks; nothing, which is unknown, where it cannot be asked."""
        trend = self._trends.setdefault(target.name, SpaceTrend())
        try:
            with self._open().reading() as connection:
                known = vcenter_with(connection, inventory.about.lasting_id(target.name))
                return {} if known is None else trend.until(connection, known.seq, now)
        except LedgerUnavailable as error:
            self._failed(error)
            return {}

    def _kept(self, target: Target, report: HealthReport) -> HealthReport:
        """The report with since when each finding stands; without a ledger that is not known, and the report good all the same."""
        keeper = self._keepers.get(target.name)
        try:
            if keeper is None:
                keeper = self._keepers[target.name] = self._keeper(target, report.evaluated_at)
            return keeper.keep(report)
        except LedgerUnavailable as error:
            self._failed(error)
            return report if keeper is None else keeper.dated(report)

    def _keeper(self, target: Target, now: datetime) -> FindingKeeper:
        uuid = target.inventory.about.lasting_id(target.name) if target.inventory else target.name
        database = self._open()
        return FindingKeeper(database, LedgerStore(database).vcenter(uuid, target.name, now), now)

    def _open(self) -> Database:
        if self._database is None:
            self._database = Database(self._file)
        return self._database

    def _events(self, target: Target, now: datetime) -> tuple[tuple[Event, ...] | None, datetime | None]:
        """What the ledger has of the kinds that are looked at, and from when on it has everything."""
        if target.ledger.covered_until is None or target.inventory is None or not self._rules.kinds():
            return None, None
        try:
            return self._events_kept(target, target.inventory, now)
        except LedgerUnavailable as error:
            self._failed(error)
            return None, None

    def _events_kept(
        self, target: Target, inventory: Inventory, now: datetime
    ) -> tuple[tuple[Event, ...] | None, datetime | None]:
        uuid = inventory.about.lasting_id(target.name)
        theirs = now + timedelta(seconds=target.clock_offset_s or 0)
        with self._open().reading() as connection:
            known = vcenter_with(connection, uuid)
            if known is None:
                return None, None
            before = self._events_read.get(uuid, _EventsRead())
            oldest = theirs - EVENTS_BACK
            seq, news = events_after(connection, known.seq, self._rules.kinds(), before.seq, oldest)
            kept = [one for one in (*before.events, *news) if one.created >= oldest] if news else before.events
            events = tuple(sorted(kept, key=lambda one: (one.created, one.key))) if news else before.events
            self._events_read[uuid] = _EventsRead(seq=seq, events=events)
            read = covered(connection, known.seq, theirs - EVENTS_BACK - _MARGIN)
        lately = bool(read) and theirs - read[-1].end < _LATE
        return events, read[-1].start if lately else None

    def _failed(self, error: AgentError) -> None:
        if error.problem != self._said:
            log.error(error.problem, extra={"cure": error.cure})
        self._said = error.problem
