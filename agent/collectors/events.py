"""Reads one vCenter's events into the ledger: a thread of its own, on the shared session.

The newest events come first in every round, then one piece of what was missed, the newest of it first, so that neither
starves the other. A window of time counts as read only in the transaction that wrote its events.
"""

import logging
import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.clock import Clock
from agent.collectors.ledger_status import LedgerReporter
from agent.collectors.loop import RunLog, guarded
from agent.collectors.shared_session import SharedSession
from agent.collectors.slot import WorldSlot
from agent.errors import AgentError, SessionLost, Undecodable, VCenterError
from agent.ledger.database import Database
from agent.ledger.store import LedgerStore
from agent.ledger.windows import OVERLAP, covered, event_counts, first_key_from, last_key_before, unread
from agent.model.evidence import Span
from agent.vcenter.event_kinds import EVENT_KINDS
from agent.vcenter.events import EventReader, EventsRead, Keys, Retention
from agent.vcenter.session import Session

log = logging.getLogger("checkmeter.events")

_RETRY_S = 5.0
_SETTLED = timedelta(seconds=3)
"""vCenter may still be writing the events of the last moments: they are taken, and read again."""
_TAIL = timedelta(minutes=1)
_SHORT_OVERLAP = timedelta(minutes=1)
_LONG_OVERLAP = OVERLAP + timedelta(minutes=1)
_LONG_OVERLAP_EVERY_S = 60.0
_LIVE = timedelta(hours=1)
"""What was missed before that is caught up with piece by piece."""
_PIECE = timedelta(days=1)
_LOOK_BACK = timedelta(days=1)
_LOOK_BACK_EVERY_S = 3600.0
"""A host that was cut off tells its events when it is back: the last day is read again every hour."""
_RETENTION_EVERY_S = 3600.0
_MARGIN = timedelta(hours=1)
"""vCenter may be deleting what is about to be too old while we read it."""
_FURTHEST = timedelta(days=90)
"""How far back events are read where vCenter keeps them for ever."""
_CLOSE = timedelta(days=2)
_KNOWN = frozenset(EVENT_KINDS)
OTHER = "other"
"""Events of kinds that were not asked for are counted together."""


class EventCollector:
    """Reads one target's events for ever, whenever the inventory collector has a session."""

    def __init__(
        self,
        name: str,
        shared: SharedSession,
        database_file: Path,
        slot: WorldSlot,
        clock: Clock,
        *,
        interval_s: float = 30.0,
    ) -> None:
        """Publishes into the target called `name`; `database_file` is opened by the collector's own thread."""
        self._name, self._shared, self._slot, self._clock = name, shared, slot, clock
        self._file = database_file
        self._log = RunLog("events", interval_s, clock)
        self._interval_s = interval_s
        self._report = LedgerReporter(slot, name, "events", clock)
        self._session: Session | None = None
        self._lost: Session | None = None
        self._database: Database | None = None
        self._uuid: str | None = None
        self._vcenter = 0
        self._counts: Counter[str] = Counter()
        self._undecodable = 0
        self._retention = Retention(days=30, told=False)
        self._oldest_shown: datetime | None = None
        self._retention_due = self._overlap_due = clock.monotonic()
        self._look_back_due = clock.monotonic() + _LOOK_BACK_EVERY_S
        self._look_back: list[Span] = []
        self._warned = False

    def run(self, stop: threading.Event) -> None:
        """Collect until `stop` is set."""
        try:
            while not stop.is_set():
                self._session = self._shared.borrow(self._clock, not_this=self._lost)
                session = self._session
                if session is None:
                    return
                guarded(self._name, lambda: self._follow(session, stop), lambda error: self._failed(error, stop))  # noqa: B023 - called within this turn of the loop
                self._clock.wait(min(_RETRY_S, self._interval_s), stop)
        finally:
            if self._database is not None:
                self._database.close()

    def interrupt(self) -> None:
        """Wake the thread from waiting on vCenter, so that it sees that it is to stop."""
        session = self._session
        if session is not None:
            session.stub.transport.interrupt()

    def _follow(self, session: Session, stop: threading.Event) -> None:
        """Round after round with one session, until it is lost."""
        reader = EventReader(session)
        self._retention_due = self._clock.monotonic()
        try:
            while not stop.is_set():
                more = False
                try:
                    with self._log.run():
                        more = self._round(session, reader)
                except AgentError as error:
                    if isinstance(error, VCenterError):
                        raise  # the session may be gone: borrow the next
                    self._report.unavailable(error)  # the database's trouble passes by itself
                self._publish_run()
                if self._clock.wait(0 if more else self._interval_s, stop):
                    return
        finally:
            session.close()

    def _round(self, session: Session, reader: EventReader) -> bool:
        """Read what is new, then a piece of what was missed; True if there is more of that."""
        store, database = self._ready(session)
        now = datetime.fromtimestamp(session.server_time_s(), UTC)
        self._read_retention(store, reader, now)
        oldest = self._oldest(now)
        settled = now - _SETTLED
        with database.reading() as connection:
            read = covered(connection, self._vcenter, oldest)
        begin = self._live_begin(read, oldest, settled)
        with database.reading() as connection:
            after = last_key_before(connection, self._vcenter, begin)
        found = reader.read(begin, now + _TAIL, Keys(after=after, newest=reader.newest_key()))
        self._record(store, found, Span(start=begin, end=settled))
        with database.reading() as connection:
            read = covered(connection, self._vcenter, oldest)
        missing = unread(read, oldest, settled)
        self._publish(missing[0].start if missing else settled, now)
        self._warn(read, missing, oldest)
        if missing:
            self._catch_up(store, database, reader, missing[-1])
            return True
        return self._look_again(store, reader, settled)

    def _live_begin(self, read: tuple[Span, ...], oldest: datetime, settled: datetime) -> datetime:
        """Where this round begins: some overlap before what was read last, or an hour ago."""
        long = self._overlap_due <= self._clock.monotonic()
        if long:
            self._overlap_due = self._clock.monotonic() + _LONG_OVERLAP_EVERY_S
        overlap = _LONG_OVERLAP if long else _SHORT_OVERLAP
        last = min(read[-1].end, settled) if read else settled
        return max(last - overlap, settled - _LIVE, oldest)

    def _catch_up(self, store: LedgerStore, database: Database, reader: EventReader, gap: Span) -> None:
        piece = Span(start=max(gap.start, gap.end - _PIECE), end=gap.end)
        with database.reading() as connection:
            newest = first_key_from(connection, self._vcenter, piece.end)
        found = reader.read(piece.start, piece.end, Keys(newest=newest))
        self._record(store, found, piece, follows=False)

    def _look_again(self, store: LedgerStore, reader: EventReader, settled: datetime) -> bool:
        """Now and then go over the last day again for events that came late."""
        if self._look_back_due <= self._clock.monotonic():
            self._look_back_due = self._clock.monotonic() + _LOOK_BACK_EVERY_S
            self._look_back = [
                Span(start=settled - _LOOK_BACK + number * _PIECE, end=settled - _LOOK_BACK + (number + 1) * _PIECE)
                for number in range(_LOOK_BACK // _PIECE)
            ]
        if not self._look_back:
            return False
        piece = self._look_back.pop()
        self._record(store, reader.read(piece.start, piece.end), None)
        return bool(self._look_back)

    def _read_retention(self, store: LedgerStore, reader: EventReader, now: datetime) -> None:
        if self._retention_due > self._clock.monotonic():
            return
        self._retention = reader.retention()
        try:
            self._oldest_shown = reader.oldest() or now
        except Undecodable:
            self._oldest_shown = None
        store.record_retention(self._vcenter, self._retention.days, now)
        self._retention_due = self._clock.monotonic() + _RETENTION_EVERY_S

    def _oldest(self, now: datetime) -> datetime:
        """From when on silence may be proof: what vCenter has deleted, or never had, says nothing."""
        days = self._retention.days
        kept = now - _FURTHEST if days is None else now - timedelta(days=days) + _MARGIN
        return min(max(kept, self._oldest_shown or kept), now - _LONG_OVERLAP)

    def _ready(self, session: Session) -> tuple[LedgerStore, Database]:
        if self._database is None:
            self._database = Database(self._file)
        store = LedgerStore(self._database)
        uuid = session.about.lasting_id(self._name)
        if uuid != self._uuid:
            self._vcenter = store.vcenter(uuid, self._name, self._clock.now())
            with self._database.reading() as connection:
                kinds, self._undecodable = event_counts(connection, self._vcenter)
            self._counts = Counter()
            for kind, count in kinds.items():
                self._counts[kind if kind in _KNOWN else OTHER] += count
            self._uuid = uuid
        return store, self._database

    def _record(self, store: LedgerStore, found: EventsRead, window: Span | None, *, follows: bool = True) -> None:
        news = store.record_events(
            self._vcenter, found.events, found.undecodable, window, self._clock.now(), follows=follows
        )
        for kind, count in news.kinds.items():
            self._counts[kind if kind in _KNOWN else OTHER] += count
        self._undecodable += news.undecodable
        if news.undecodable:
            log.warning(
                "events are noted that cannot be read", extra={"vcenter": self._name, "events": news.undecodable}
            )
        self._report.written()

    def _warn(self, read: tuple[Span, ...], missing: list[Span], oldest: datetime) -> None:
        """Say once that vCenter is about to delete, or has deleted, what was not read while we were off."""
        seen_before = [one for one in read if missing and one.end <= missing[0].start + OVERLAP]
        late = bool(seen_before) and missing[0].start - oldest < _CLOSE
        if late and not self._warned:
            log.warning(
                "vCenter is about to delete events that were not read yet",
                extra={"vcenter": self._name, "unread_since": missing[0].start.isoformat()},
            )
        self._warned = late

    def _failed(self, error: AgentError, stop: threading.Event) -> None:
        self._lost = self._session if isinstance(error, SessionLost) else None
        if not stop.is_set():
            log.warning(error.problem, extra={"vcenter": self._name, "cure": error.cure})
            self._report.change(lambda status: replace(status, event_lag_s=None))
            self._publish_run()

    def _publish(self, covered_until: datetime, now: datetime) -> None:
        retention, counts, undecodable = self._retention, dict(self._counts), self._undecodable
        self._report.change(
            lambda status: replace(
                status,
                covered_until=covered_until,
                event_lag_s=(now - covered_until).total_seconds(),
                retention_days=retention.days,
                events=counts,
                undecodable_events=undecodable,
            )
        )

    def _publish_run(self) -> None:
        status = self._log.status
        self._slot.update(
            self._name, lambda target: replace(target, collectors={**target.collectors, "events": status})
        )
