"""Writing evidence into the ledger. What is written stays as it is; each call is one transaction, whole or not at all."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import NamedTuple

from agent.dataclass import dataclass
from agent.ledger.chain import Appender
from agent.ledger.database import Database
from agent.ledger.instants import instant, micros
from agent.ledger.private_parts import EventParts, parts_of_event, sealed_text
from agent.model.event import Event, UndecodableEvent
from agent.model.evidence import PRESENT, CounterSample, Observation, Span

COVERED = "covered"
"""Events of the span were read, all of them."""
WATCHED = "watched"
"""The stream of property updates ran."""
AWAY = "away"
"""The agent ran, and vCenter did not answer."""
RUNNING = "running"
"""The agent ran."""
CLOCK_JUMP = "clock_jump"
"""vCenter's clock skipped the span, or told it twice."""

_LONGEST_GROWTH = timedelta(minutes=15)
"""A span that grows is put into the chain at least so often."""


class Observed(NamedTuple):
    """An observation and what it is of: `kind` is vm, host or datastore."""

    kind: str
    moid: str
    observation: Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A span to record: of one kind, on vCenter's clock."""

    kind: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a recording of events added: how many of each kind, and the time of the oldest."""

    kinds: Mapping[str, int]
    undecodable: int
    oldest: datetime | None


class LedgerStore:
    """Writes through one database connection, so of one thread. Every method raises LedgerUnavailable and then did nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def vcenter(self, uuid: str, name: str, learned_at: datetime) -> int:
        """The number of a vCenter in the ledger. `uuid` is its instanceUuid, or the configured name where it has none."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT seq FROM vcenters WHERE uuid = ?", (uuid,)).fetchone()
        if row is not None:
            return int(row[0])
        with self._appending() as (connection, chain):
            row = connection.execute("SELECT seq FROM vcenters WHERE uuid = ?", (uuid,)).fetchone()
            return int(row[0]) if row is not None else chain.add("vcenters", uuid, name, micros(learned_at))

    def record_events(
        self,
        vcenter: int,
        events: Iterable[Event],
        undecodable: Iterable[UndecodableEvent],
        covered: Span | None,
        learned_at: datetime,
        *,
        follows: bool = True,
    ) -> News:
        """Add the events that are not there yet, and the window that they make complete.

        `follows` says that the window goes on from the one recorded before; otherwise it fills a gap.
        """
        learned = micros(learned_at)
        created: list[datetime] = []
        kinds: Counter[str] = Counter()
        unreadable = 0
        with self._appending() as (connection, chain):
            for event in events:
                if _is_new(connection, vcenter, event):
                    stays = parts_of_event(event)
                    times = (micros(event.created), learned)
                    chain.add("events", vcenter, event.key, *times, *_event_values(event, stays), private=stays.private)
                    created.append(event.created)
                    kinds[event.kind] += 1
            for one in undecodable:
                known = "SELECT 1 FROM undecodable_events WHERE vcenter = ? AND identity = ?"
                if connection.execute(known, (vcenter, one.identity)).fetchone() is None:
                    span = (micros(one.start), micros(one.end))
                    private = sealed_text("reason", one.reason)
                    chain.add("undecodable_events", vcenter, one.identity, *span, learned, "", private=private)
                    unreadable += 1
            if covered is not None and follows:
                growing = Stretch(kind=COVERED, start=covered.start, end=covered.end)
                _grow(connection, chain, vcenter, growing, learned)
            elif covered is not None:
                chain.add("spans", vcenter, COVERED, micros(covered.start), micros(covered.end), learned)
        return News(kinds=kinds, undecodable=unreadable, oldest=min(created, default=None))

    def record_observations(
        self, vcenter: int, observed: Sequence[Observed], spans: Iterable[Stretch], learned_at: datetime
    ) -> None:
        """Add observations in the order in which they were made, and the spans in which they were made."""
        with self._appending() as (connection, chain):
            if any(one.observation.path == PRESENT for one in observed):
                # what was read until now was read while another set of objects was in view
                _end_growth(connection, chain, vcenter, COVERED)
            for kind, moid, one in observed:
                value = one.value.isoformat() if isinstance(one.value, datetime) else one.value
                times = (micros(one.at), micros(one.learned_at))
                chain.add("observations", vcenter, kind, moid, one.path, value, *times, int(one.pushed))
            for span in spans:
                if span.kind == CLOCK_JUMP:
                    times = (micros(span.start), micros(span.end))
                    chain.add("spans", vcenter, span.kind, *times, micros(learned_at))
                else:
                    _grow(connection, chain, vcenter, span, micros(learned_at))

    def record_spans(self, vcenter: int, spans: Iterable[Stretch], learned_at: datetime) -> None:
        """Add spans that are over, each as it is."""
        with self._appending() as (_, chain):
            for one in spans:
                chain.add("spans", vcenter, one.kind, micros(one.start), micros(one.end), micros(learned_at))

    def record_witnesses(self, uuid: str, name: str, samples: Iterable[tuple[str, CounterSample]]) -> None:
        """Add counter samples, with the moid of the VM each is of; those that are there already are left as they are."""
        found = list(samples)
        if not found:
            return
        vcenter = self.vcenter(uuid, name, found[0][1].learned_at)
        known = "SELECT 1 FROM samples WHERE vcenter = ? AND moid = ? AND counter = ? AND at = ?"
        with self._appending() as (connection, chain):
            for moid, one in found:
                at, learned = micros(one.at), micros(one.learned_at)
                if connection.execute(known, (vcenter, moid, one.counter, at)).fetchone() is None:
                    chain.add("samples", vcenter, moid, one.counter, at, one.interval_s, one.value, learned)

    def record_retention(self, vcenter: int, days: int | None, read_at: datetime) -> None:
        """Note how many days vCenter keeps events; None: for ever."""
        with self._database.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO retentions VALUES (?, ?, ?)", (vcenter, days, micros(read_at)))

    @contextmanager
    def _appending(self) -> Iterator[tuple[sqlite3.Connection, Appender]]:
        with self._database.transaction() as connection:
            chain = Appender(connection)
            yield connection, chain
            chain.seal()


def _is_new(connection: sqlite3.Connection, vcenter: int, event: Event) -> bool:
    known = "SELECT 1 FROM events WHERE vcenter = ? AND key = ? AND created = ?"
    return connection.execute(known, (vcenter, event.key, micros(event.created))).fetchone() is None


def _event_values(event: Event, stays: EventParts) -> tuple[object, ...]:
    return (
        event.chain_id,
        event.kind,
        stays.user,
        None,  # the message
        event.vm,
        event.vm_name,
        event.host,
        event.host_name,
        event.cluster,
        event.datastore,
        event.datastore_name,
        event.datacenter,
        stays.fields,
    )


def _grow(connection: sqlite3.Connection, chain: Appender, vcenter: int, span: Stretch, learned: int) -> None:
    """Let a span grow on, or begin a new one where it does not follow the one that grows, or that has grown enough."""
    start, end = micros(span.start), micros(span.end)
    row = connection.execute(
        "SELECT start, end, first_learned FROM growing_spans WHERE vcenter = ? AND kind = ?", (vcenter, span.kind)
    ).fetchone()
    first_learned = learned
    if row is not None:
        old_start, old_end, old_first = row
        if span.kind != COVERED and start <= old_end and end >= old_start:
            start = max(start, old_start)  # its beginning is in the chain already
        follows = old_start <= start <= old_end
        long = instant(learned) - instant(old_first) >= _LONGEST_GROWTH
        if follows and not long:
            start, end, first_learned = old_start, max(end, old_end), old_first
        else:
            _end_growth(connection, chain, vcenter, span.kind)
            if span.kind != COVERED and follows:
                start = old_end
    connection.execute(
        "INSERT OR REPLACE INTO growing_spans VALUES (?, ?, ?, ?, ?, ?)",
        (vcenter, span.kind, start, end, first_learned, learned),
    )


def _end_growth(connection: sqlite3.Connection, chain: Appender, vcenter: int, kind: str) -> None:
    row = connection.execute(
        "DELETE FROM growing_spans WHERE vcenter = ? AND kind = ? RETURNING start, end, learned", (vcenter, kind)
    ).fetchone()
    if row is not None:
        chain.add("spans", vcenter, kind, *row)
