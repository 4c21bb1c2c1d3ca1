"""A ledger in a file, and evidence in short to put into it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from agent.ledger.database import Database
from agent.ledger.store import LedgerStore, Observed
from agent.model.event import Event
from agent.model.evidence import Observation, Span

EPOCH = datetime(2026, 11, 2, 8, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return EPOCH + timedelta(seconds=seconds)


def event(key: int, seconds: float = 0, **more: Any) -> Event:
    values = {"kind": "VmPoweredOffEvent", "vm": "vm-1", "vm_name": "srv-01", "user": "anna", **more}
    return Event(key=key, chain_id=key, created=at(seconds), fields={"template": "false"}, **values)


def seen(path: str, value: Any, seconds: float = 0, moid: str = "vm-1", kind: str = "vm") -> Observed:
    return Observed(kind, moid, Observation(path=path, value=value, at=at(seconds), learned_at=at(seconds)))


@contextmanager
def opened(file: Path) -> Iterator[tuple[Database, LedgerStore, int]]:
    """The database, a store on it, and the number of a vCenter in it."""
    database = Database(file)
    try:
        store = LedgerStore(database)
        yield database, store, store.vcenter("uuid-1", "dc1", at(0))
    finally:
        database.close()


def rows(database: Database, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with database.reading() as connection:
        return connection.execute(sql, values).fetchall()


def window(start: float, end: float) -> Span:
    return Span(start=at(start), end=at(end))
