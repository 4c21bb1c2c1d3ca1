"""Two agents that watched the same vCenter, each with gaps of its own: their ledgers, written from one true history."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from agent.ledger.book import Book
from agent.ledger.chain import verify
from agent.ledger.database import Database
from agent.ledger.merging import distinct, merge, sources
from agent.ledger.recorded import vcenters
from agent.ledger.store import WATCHED, LedgerStore, Observed, Stretch
from agent.model.availability import Ledger, State
from agent.model.event import Event
from agent.model.evidence import PRESENT, SEEN, Observation, Span

BEGIN = datetime.fromisoformat("2026-10-01T00:00:00+00:00")
DAY = 86_400


def at(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


@dataclass(frozen=True)
class Truth:
    """A VM is switched at these seconds, off first; `lag` is how late an agent sees a property."""

    switched: tuple[int, ...]

    def events(self, start: int, end: int) -> list[Event]:
        return [
            Event(
                key=100 + number,
                chain_id=100 + number,
                kind="VmPoweredOnEvent" if number % 2 else "VmPoweredOffEvent",
                created=at(second),
                user="VENDOR\\operator",
                message=f"switch {number}",
                vm="vm-1",
                vm_name="srv-01",
                host="host-1",
                host_name="esx01",
            )
            for number, second in enumerate(self.switched)
            if start <= second < end
        ]

    def state(self, second: float) -> str:
        return "poweredOff" if sum(one <= second for one in self.switched) % 2 else "poweredOn"


def write(
    file: Path,
    truth: Truth,
    runs: Iterable[tuple[int, int]],
    *,
    lag: float = 0.2,
    uuid: str = "uuid-1",
    events: Sequence[Event] | None = None,
) -> Path:
    """The ledger of an agent that ran at these times, and never read what it had missed."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(Database(file)) as database:
        store = LedgerStore(database)
        vcenter = store.vcenter(uuid, "dc1", at(0))
        for start, end in runs:
            seen = [_seen(path, value, start + lag) for path, value in _all(truth.state(start)).items()]
            changes = [second for second in truth.switched if start < second < end]
            seen += [_seen("runtime.powerState", truth.state(second), second + lag) for second in changes]
            watched = Stretch(kind=WATCHED, start=at(start + lag), end=at(end))
            store.record_observations(vcenter, seen, [watched], at(end))
            told = (
                truth.events(start, end)
                if events is None
                else [one for one in events if at(start) <= one.created < at(end)]
            )
            store.record_events(vcenter, told, (), Span(start=at(start), end=at(end)), at(end), follows=False)
    return file


def _all(state: str) -> dict[str, str]:
    return {
        "@vm_id": "5031-erp",
        PRESENT: SEEN,
        "name": "srv-01",
        "runtime.powerState": state,
        "runtime.connectionState": "connected",
        "runtime.host": "host-1",
    }


def _seen(path: str, value: str, second: float) -> Observed:
    return Observed("vm", "vm-1", Observation(path=path, value=value, at=at(second), learned_at=at(second)))


def merged(target: Path, *files: Path) -> Path:
    """Merge them without asking whether they agree."""
    databases = [Database(file) for file in files]
    try:
        given = []
        for file, database in zip(files, databases, strict=True):
            connection = database._connection
            given += sources(connection, file)
        for _ in merge(distinct(given), target):
            pass
    finally:
        for database in databases:
            database.close()
    return target


def head(file: Path) -> tuple[int, bytes]:
    """The head of its chain, which holds."""
    with closing(Database(file)) as database, database.reading() as connection:
        checked = verify(connection)
        assert (checked.found, checked.complete) == (None, True)
        return checked.seq, checked.hash


def judged(file: Path, end: float = DAY) -> Ledger:
    """What it says of the VM from the begin of the history to `end`, whatever the agent itself had read."""
    with closing(Database(file)) as database, database.reading() as connection:
        book = Book(connection, vcenters(connection)[0], at(0), at(end))
        book.end = at(end)
        ((_, ledger),) = book.ledgers()
        return ledger


def states(ledger: Ledger, edges: Sequence[datetime]) -> list[State]:
    """In each stretch between edges, of which none lies within an interval's change."""
    return [next(one.state for one in ledger.intervals if one.start <= edge < one.end) for edge in edges[:-1]]


def edges_of(*ledgers: Ledger) -> list[datetime]:
    return sorted({edge for ledger in ledgers for one in ledger.intervals for edge in (one.start, one.end)})
