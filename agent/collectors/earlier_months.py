"""What the ledger says of the months that are over, kept so that totals since its beginning cost little."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta

from agent.dataclass import dataclass
from agent.ledger.book import NOT_UP, Book, listed, seconds_in
from agent.ledger.database import Database
from agent.ledger.recorded import Known, covered
from agent.model.availability import Ledger

_ANEW_AFTER = timedelta(days=1)
"""What is learned later rewrites the past, months after the fact only seldom."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Of one VM over some time: outages that began in it, seconds certainly not up, seconds of which nothing told."""

    outages: int = 0
    down_s: float = 0.0
    unknown_s: float = 0.0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.outages + other.outages, self.down_s + other.down_s, self.unknown_s + other.unknown_s)


def sums(book: Book, ledger: Ledger) -> Sums:
    """Of the whole time of the book; an outage that lasts from before belongs to the time in which it began."""
    began = book.began or book.start
    return Sums(
        outages=sum(one.start > book.start or book.start <= began for one in listed(ledger)),
        down_s=seconds_in(ledger, NOT_UP, max(book.start, began), book.end),
        unknown_s=book.unknown_s(ledger),
    )


@dataclass(slots=True)
class _Month:
    judged_at: datetime
    of: Mapping[str, Sums]


@dataclass(slots=True)
class EarlierMonths:
    """The months, in UTC, from the ledger's beginning up to some month's begin."""

    _months: dict[tuple[int, datetime], _Month] = field(default_factory=dict)

    def judge_one(self, database: Database, known: Known, until: datetime, now: datetime) -> None:
        """Judge one month before `until` (a month's begin) that was not judged within the last day, the newest first."""
        with database.reading() as connection:
            read = covered(connection, known.seq)
            for start, end in _months(read[0] if read else until, until):
                held = self._months.get((known.seq, start))
                if held is None or now - held.judged_at > _ANEW_AFTER:
                    book = Book(connection, known, start, end)
                    of = {vm_id: sums(book, ledger) for vm_id, ledger in book.ledgers()}
                    self._months[known.seq, start] = _Month(now, of)
                    return

    def totals(self, known: Known, began: datetime, until: datetime) -> Mapping[str, Sums] | None:
        """By VM, from `began` to `until` (a month's begin); None as long as a month is missing."""
        totals: dict[str, Sums] = {}
        for start, _ in _months(began, until):
            month = self._months.get((known.seq, start))
            if month is None:
                return None
            for vm_id, one in month.of.items():
                totals[vm_id] = totals.get(vm_id, Sums()) + one
        return totals


def _months(began: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """The months that [began, until) touches, whole, the newest first; `until` is a month's begin."""
    found: list[tuple[datetime, datetime]] = []
    end = until
    while began < end:
        start = (end - timedelta(days=1)).replace(day=1)
        found.append((start, end))
        end = start
    return found
