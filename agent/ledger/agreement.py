"""Whether ledgers that were merged agree: the same events with the same content, none missing where both had read, and no time of
which they say different things.
"""

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from itertools import combinations

from agent.dataclass import dataclass
from agent.ledger.book import Book, seconds_in
from agent.ledger.combined import combined
from agent.ledger.instants import micros
from agent.ledger.knowledge import Rules
from agent.ledger.merged import Origin
from agent.ledger.private_parts import AUTHOR_STAYS
from agent.ledger.recorded import EVENT_COLUMNS, event_of
from agent.ledger.spans import united
from agent.ledger.windows import covered
from agent.model.availability import Contradiction, State
from agent.model.event import Event
from agent.model.evidence import RecordedEvent, Span

_LATE = timedelta(days=1)
"""Agents read so much again, every hour: an event that came later than that may be missing rightly."""
_EDGE = timedelta(hours=2)
_LOOKED_FOR = AUTHOR_STAYS | {
    *("HostConnectionLostEvent", "HostConnectedEvent", "VmDisconnectedEvent", "VmConnectedEvent"),
    *("com.vmware.vc.HA.DasHostFailedEvent", "com.vmware.vc.HA.DasHostIsolatedEvent"),
}
"""Kinds that every version of the agent reads; others one may have read that another did not ask for."""
_BEGIN = datetime(1970, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """An event of which two ledgers tell different things, or of which one that should have it tells nothing."""

    event: Event
    ledgers: tuple[str, str]
    """the first has it as `event` is; labels"""
    differs: tuple[str, ...] = ()
    """in what the other's differs; nothing: the other lacks it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """An object over a stretch of time: of how many seconds each ledger, and all together, could tell nothing."""

    name: str
    unknown_s: Mapping[str, float]
    """by label; of a ledger without any evidence of it all seconds"""
    unknown_together_s: float
    contradictions: tuple[Contradiction, ...]
    """only those between ledgers"""


def compared(book: Book, kind: str, labels: Collection[str]) -> Iterator[Compared]:
    """Every object of a kind."""
    for name, said in book.told_apart(kind):
        whole = (book.end - book.start).total_seconds()
        alone = {one.label: seconds_in(one.ledger, {State.UNKNOWN}, book.start, book.end) for one in said}
        together = combined(said, Rules())
        yield Compared(
            name=name,
            unknown_s={label: alone.get(label, whole) for label in labels},
            unknown_together_s=seconds_in(together, {State.UNKNOWN}, book.start, book.end),
            contradictions=tuple(one for one in together.contradictions if one.ledgers is not None),
        )


def disagreements(connection: sqlite3.Connection, numbers: list[tuple[int, Origin]]) -> Iterator[Disagreement]:
    """Between each two ledgers of a vCenter, whose numbers in the merged ledger are given."""
    for (one, first), (other, second) in combinations(numbers, 2):
        labels = first.label, second.label
        yield from _different(connection, one, other, labels)
        yield from _missing(connection, one, other, labels)
        yield from _missing(connection, other, one, labels[::-1])


def _different(connection: sqlite3.Connection, one: int, other: int, labels: tuple[str, str]) -> Iterator[Disagreement]:
    """Of most the columns are the same; only where one is not they are looked at whole."""
    told = [name.strip() for name in EVENT_COLUMNS.split(",") if name.strip() not in {"learned", "seal"}]
    same = " AND ".join(f"a.{name} IS b.{name}" for name in told)
    columns = ", ".join(f"{alias}.{name.strip()}" for alias in "ab" for name in EVENT_COLUMNS.split(","))
    rows = connection.execute(
        f"SELECT {columns} FROM main.events a JOIN main.events b ON b.key = a.key AND b.created = a.created "  # noqa: S608 - names of our own
        f"WHERE a.vcenter = ? AND b.vcenter = ? AND NOT ({same}) ORDER BY a.created, a.key",
        (one, other),
    )
    for row in rows:
        half = len(row) // 2
        mine, theirs = event_of(row[:half]), event_of(row[half:])
        differs = tuple(_differing(mine, theirs))
        if differs:
            yield Disagreement(event=mine.event, ledgers=labels, differs=differs)


def _differing(mine: RecordedEvent, theirs: RecordedEvent) -> Iterator[str]:
    """Names of fields; what was purged of either is no difference."""
    purged = mine.purged or theirs.purged
    for field in fields(Event):
        ours, other = getattr(mine.event, field.name), getattr(theirs.event, field.name)
        if field.name == "fields" and purged:
            ours, other = ({key: told[key] for key in ours.keys() & other.keys()} for told in (ours, other))
        if ours != other and not (purged and None in {ours, other} if field.name in {"user", "message"} else False):
            yield field.name


def _missing(connection: sqlite3.Connection, one: int, other: int, labels: tuple[str, str]) -> Iterator[Disagreement]:
    """Events about objects that the other saw, of times that it had read and read again, which it does not have."""
    read = united(Span(start=span.start + _EDGE, end=span.end - _LATE) for span in covered(connection, other, _BEGIN))
    for span in read:
        rows = connection.execute(
            f"SELECT {EVENT_COLUMNS} FROM main.events one WHERE vcenter = ?1 AND created >= ?3 AND created < ?4 "  # noqa: S608 - names of our own
            f"AND learned - created < ?5 AND kind IN ({', '.join(map(repr, sorted(_LOOKED_FOR)))}) "
            "AND NOT EXISTS (SELECT 1 FROM main.events b WHERE b.vcenter = ?2 AND b.key = one.key AND b.created = one.created) "
            "AND EXISTS (SELECT 1 FROM main.observations o WHERE o.vcenter = ?2 AND o.at < one.created AND "
            "(o.kind = 'vm' AND o.moid = one.vm OR one.vm IS NULL AND o.kind = 'host' AND o.moid = one.host)) "
            "ORDER BY created, key",
            (one, other, micros(span.start), micros(span.end), _LATE // timedelta(microseconds=1)),
        )
        for row in rows:
            yield Disagreement(event=event_of(row).event, ledgers=labels)
