"""Counts every performance sample of one vCenter exactly once: a thread of its own, on the shared session."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path

from agent.clock import Clock
from agent.collectors.counter_witnesses import CounterWitnesses
from agent.collectors.loop import RunLog, guarded
from agent.collectors.measured_objects import measured_objects
from agent.collectors.performance_kind import PerformanceKind
from agent.collectors.shared_session import SharedSession
from agent.collectors.slot import WorldSlot
from agent.dataclass import dataclass
from agent.errors import AgentError, SessionLost, VCenterError
from agent.ledger.database import Database
from agent.ledger.sample_store import SampleStore
from agent.ledger.store import LedgerStore
from agent.model.counter_uses import DEFAULT_COUNTERS, GRIDS
from agent.model.inventory import Inventory
from agent.model.late_samples import LateSampleReceiver, LateSamples
from agent.model.performance import CounterUse, Performance
from agent.vcenter.performance import CHUNK, EntityAnswer, PerformanceReader, QuerySpec
from agent.vcenter.session import Session

log = logging.getLogger("checkmeter.performance")

_HISTORICAL_EVERY_S = 150.0
"""How often five-minute figures are looked for; half their interval."""
_RETRY_S = 5.0
_LATE_ROUNDS = 3
"""After so many intervals without a round nobody can have scraped what the samples in between added up to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceSettings:
    """What to read: the defaults, more counters by name and kind, and groups wanted instance by instance."""

    interval_s: float = 60.0
    counters: Mapping[str, Sequence[CounterUse]] = field(default_factory=lambda: DEFAULT_COUNTERS)
    instances: Mapping[str, frozenset[str]] = field(default_factory=dict)


class PerformanceCollector:
    """Reads one target's counters for ever, whenever the inventory collector has a session."""

    def __init__(
        self,
        name: str,
        shared: SharedSession,
        database_file: Path,
        slot: WorldSlot,
        clock: Clock,
        *,
        settings: PerformanceSettings | None = None,
        late: LateSampleReceiver | None = None,
    ) -> None:
        """Publishes into the target called `name`; `database_file` is opened by the collector's own thread.

        What is caught up with after an outage goes to `late` as well, minute by minute.
        """
        self._name, self._shared, self._slot, self._clock = name, shared, slot, clock
        self._settings = settings or PerformanceSettings()
        self._file, self._late = database_file, late
        self._log = RunLog("performance", self._settings.interval_s, clock)
        self._session: Session | None = None
        self._lost: Session | None = None
        self._most_metrics: int | None = None
        self._witnesses = CounterWitnesses({})
        self._database: Database | None = None
        self._vcenter: str | None = None
        self._kinds: dict[str, PerformanceKind] = {}
        self._read_until: dict[str, int] = {}
        self._historical_due = clock.monotonic()
        self._published = Performance()

    def run(self, stop: threading.Event) -> None:
        """Collect until `stop` is set."""
        try:
            while not stop.is_set():
                self._session = self._shared.borrow(self._clock, not_this=self._lost)
                if self._session is None:
                    return
                guarded(self._name, lambda: self._follow(self._session, stop), lambda error: self._failed(error, stop))
                self._clock.wait(_RETRY_S, stop)
        finally:
            if self._session is not None:
                self._session.close()
            if self._database is not None:
                self._database.close()

    def interrupt(self) -> None:
        """Wake the thread from waiting on vCenter, so that it sees that it is to stop."""
        session = self._session
        if session is not None:
            session.stub.transport.interrupt()

    def _follow(self, session: Session | None, stop: threading.Event) -> None:
        if session is None:
            return
        try:
            reader = PerformanceReader(session)
            self._begin(session, reader)
            due = self._clock.monotonic()
            while not stop.is_set():
                try:
                    with self._log.run():
                        self._round(session, reader)
                except AgentError as error:
                    if isinstance(error, VCenterError):
                        raise  # the session may be gone: borrow the next
                    self._failed(error, stop)  # the database's trouble passes by itself
                self._publish()
                due = max(due + self._settings.interval_s, self._clock.monotonic())
                if self._clock.wait(due - self._clock.monotonic(), stop):
                    return
        finally:
            session.close()

    def _begin(self, session: Session, reader: PerformanceReader) -> None:
        """Learn this vCenter's counters; take up the totals that the database has of it."""
        store = self._store()
        vcenter = session.about.lasting_id(session.stub.transport.endpoint.name)
        definitions = reader.definitions()
        wanted = {use.name for uses in self._settings.counters.values() for use in uses}
        self._most_metrics = reader.most_metrics()
        if self._vcenter != vcenter:
            self._vcenter = vcenter
            self._kinds = {}
            self._read_until = store.read_until(vcenter)
            unwritten = self._witnesses.pending
            self._witnesses = CounterWitnesses(definitions)
            self._witnesses.pending = unwritten
        self._witnesses.define(definitions)
        for kind, uses in self._settings.counters.items():
            made = PerformanceKind(
                kind, GRIDS[kind], uses, definitions, instances=self._settings.instances.get(kind, frozenset())
            )
            before = self._kinds.get(kind)
            made.totals = before.totals if before else store.load(vcenter, kind, GRIDS[kind])
            self._kinds[kind] = made
        unknown = wanted - definitions.keys()
        if unknown:
            log.info(
                "vCenter has no such counters", extra={"vcenter": self._name, "counters": ", ".join(sorted(unknown))}
            )
        self._published = replace(
            self._published,
            definitions={name: one for name, one in definitions.items() if name in wanted},
            uses={kind: tuple(uses) for kind, uses in self._settings.counters.items()},
            instances=self._settings.instances,
        )

    def _round(self, session: Session, reader: PerformanceReader) -> None:
        """Ask for everything that is open, count it, write it, and only then let it be shown."""
        target = self._slot.read()[1].targets[self._name]
        inventory = target.inventory
        if inventory is None or self._vcenter is None:
            return
        now_s = int(self._server_time_s(session, target.clock_offset_s))
        kinds = [kind for kind in self._kinds.values() if kind.grid.real_time]
        self._ask(reader, inventory, kinds, now_s, CHUNK)
        if self._historical_due <= self._clock.monotonic():
            self._historical_due = self._clock.monotonic() + _HISTORICAL_EVERY_S
            for kind in self._kinds.values():
                if not kind.grid.real_time:
                    limit = self._most_metrics  # vCenter's own limit on what may be asked of its history
                    most = CHUNK if limit is None else max(1, min(CHUNK, limit // max(1, kind.metrics_per_object)))
                    self._ask(reader, inventory, [kind], now_s, most)

    def _server_time_s(self, session: Session, offset_s: float | None) -> float:
        """The clock of vCenter: by the offset that the inventory collector has measured lately, or asked for."""
        return session.server_time_s() if offset_s is None else self._clock.now().timestamp() + offset_s

    def _ask(
        self, reader: PerformanceReader, inventory: Inventory, kinds: Sequence[PerformanceKind], now_s: int, chunk: int
    ) -> None:
        """Ask for some kinds together, count, write, and take up what may be shown."""
        specs: list[QuerySpec] = []
        owner: dict[str, PerformanceKind] = {}
        present: dict[str, frozenset[str]] = {}
        for kind in kinds:
            objects, present[kind.kind] = measured_objects(inventory, kind.kind)
            planned = kind.plan(objects, now_s, self._read_until.get(kind.kind))
            owner.update((spec.moid, kind) for spec in planned)
            specs += planned
        newest = dict(self._published.newest_sample_s)
        late = self._late_sender(inventory, now_s)
        for answer in reader.query(specs, chunk):
            kind = owner[answer.moid]
            at_s = kind.take(answer) if late is None else late(kind, answer)
            if at_s is not None:
                newest[kind.kind] = max(at_s, newest.get(kind.kind, 0))
            if kind.kind == "vm":
                self._witnesses.take(answer, self._clock.now())
        if late is not None and self._late is not None:
            self._late.flush()  # before they count as read: after a crash they are counted, and sent, again
        entities = dict(self._published.entities)
        for kind in kinds:
            self._store().save(self._vcenter or "", kind.kind, kind.changed(), now_s)
            kind.written()
            self._read_until[kind.kind] = now_s
            kind.forget_gone(present[kind.kind])
            entities[kind.kind] = kind.published(present[kind.kind], now_s)
            if kind.kind == "vm":
                self._write_witnesses(inventory)
        self._published = replace(self._published, entities=entities, newest_sample_s=newest)

    def _late_sender(
        self, inventory: Inventory, now_s: int
    ) -> Callable[[PerformanceKind, EntityAnswer], int | None] | None:
        """What counts an answer and hands its samples on, where they come too late to be scraped; None where not."""
        late, published = self._late, self._published
        if late is None:
            return None
        offset_s = now_s - self._clock.now().timestamp()

        def take(kind: PerformanceKind, answer: EntityAnswer) -> int | None:
            before = self._read_until.get(kind.kind)
            too_late_s = _LATE_ROUNDS * max(self._settings.interval_s, kind.grid.interval_s)
            if before is None or now_s - before <= too_late_s:
                return kind.take(answer)
            entity, steps = kind.take_in_steps(answer)
            if not steps:
                return None
            late.add(
                LateSamples(
                    target=self._name,
                    inventory=inventory,
                    performance=published,
                    kind=kind.kind,
                    entity=entity,
                    moments=tuple((at_s - offset_s, item) for at_s, item in steps),
                )
            )
            return steps[-1][0]

        return take

    def _write_witnesses(self, inventory: Inventory) -> None:
        """What the counters tell of when VMs ran goes into the ledger; what cannot be written is kept for later."""
        if self._vcenter is not None and self._witnesses.pending:
            LedgerStore(self._open()).record_witnesses(self._vcenter, self._name, self._witnesses.pending)
            self._witnesses.pending.clear()
        self._witnesses.forget_gone(set(inventory.vms))

    def _store(self) -> SampleStore:
        return SampleStore(self._open())

    def _open(self) -> Database:
        if self._database is None:
            self._database = Database(self._file)
        return self._database

    def _failed(self, error: AgentError, stop: threading.Event) -> None:
        self._lost = self._session if isinstance(error, SessionLost) else None
        if not stop.is_set():
            log.warning(error.problem, extra={"vcenter": self._name, "cure": error.cure})
            self._publish()

    def _publish(self) -> None:
        published, status = self._published, self._log.status
        self._slot.update(
            self._name,
            lambda target: replace(
                target, performance=published, collectors={**target.collectors, "performance": status}
            ),
        )
