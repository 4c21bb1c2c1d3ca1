"""The agent's one database file: opened with care, written in whole transactions, never half."""

import contextlib
import sqlite3
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from agent.errors import AgentError
from agent.ledger.merged_views import open_views
from agent.ledger.schema import MIGRATIONS

Connection: TypeAlias = sqlite3.Connection
"""Handed out by `reading` and `transaction`; rooms above pass it on to this room's functions."""
_BUSY_MS = 10_000
_PREPARING = threading.Lock()
"""SQLite does not wait for others where it changes the journal mode, and the agent's threads open a new file at once."""
_OPEN: Counter[Path] = Counter()
"""How many connections this process has to each file: the first of them checks the file, which reads all of it."""
_TURNS: defaultdict[Path, threading.RLock] = defaultdict(threading.RLock)
"""Whose turn it is to write, of this process. SQLite alone lets whoever asks in the right moment go first, and the
first readings of 5,000 VMs kept others waiting until they gave up: `database is locked`."""
_LONGEST_TURN_S = 120.0
_CACHE_KIB = 512
"""Of each connection; a year of 80 VMs is judged no slower than with SQLite's 2 MiB, and eight threads have one."""
_BACKUP_MARK = "restored_from_backup"


class LedgerUnavailable(AgentError):
    """The database cannot be opened, read or written now. Nothing that was committed is lost."""


class Database:
    """One connection, for one thread. Several may have the file open: one writes at a time, readers never wait."""

    def __init__(self, path: Path) -> None:
        """Open `path`, make it if it is not there, check it and bring its tables up to date.

        Raises:
            LedgerUnavailable: it is damaged, newer than this agent, unwritable, or the disk is full.
        """
        self.path = path
        self._closed = False
        with _explained(path):
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_MS / 1000)
            try:
                with _PREPARING:
                    self._turns = _TURNS[path]
                    self._prepare(first=not _OPEN[path])
                    _OPEN[path] += 1
                if self._connection.execute("SELECT 1 FROM origins LIMIT 1").fetchone() is not None:
                    open_views(self._connection)
            except BaseException:
                self._connection.close()
                raise

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything done in the block is on disk when it ends, or nothing is.

        Raises:
            LedgerUnavailable: disk full, file locked by another process for ten seconds, or not writable; nothing was
                changed.
        """
        with self._turn(), _explained(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                with contextlib.suppress(sqlite3.Error):  # a full disk rolls back by itself
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=_LONGEST_TURN_S):
            raise LedgerUnavailable(
                f"{self.path}: a part of the agent has been writing to it for {_LONGEST_TURN_S:.0f} s",
                cure="look at the disk: it may be too slow",
            )
        try:
            yield
        finally:
            self._turns.release()

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One consistent view of the database for all queries in the block."""
        with _explained(self.path):
            self._connection.execute("BEGIN")
            try:
                yield self._connection
            finally:
                self._connection.execute("ROLLBACK")

    def backup(self, target: Path) -> None:
        """Write a consistent copy while the agent runs, marked so that an agent started on it knows what it is.

        Raises:
            LedgerUnavailable: `target` exists or cannot be written.
        """
        if target.exists():
            raise LedgerUnavailable(f"{target} exists already", cure="give the backup a new name")
        with _explained(target), contextlib.closing(sqlite3.connect(target)) as copy:
            self._connection.backup(copy)
            with copy:
                copy.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_BACKUP_MARK, "yes"))

    def flush(self) -> None:
        """Bring what was written into the file itself, as far as nobody reads older pages, and empty the log beside it."""
        with _explained(self.path):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def restored_from_backup(self) -> bool:
        """Whether this file is a copy that `backup` made and no agent has worked on yet."""
        with self.reading() as connection:
            row = connection.execute("SELECT value FROM meta WHERE key = ?", (_BACKUP_MARK,)).fetchone()
        return row is not None

    def accept_restored(self, connection: sqlite3.Connection) -> None:
        """Within a transaction: from now on this file is the agent's own."""
        connection.execute("DELETE FROM meta WHERE key = ?", (_BACKUP_MARK,))

    def close(self) -> None:
        """Close the connection; the file stays whole at any point."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.close()
        if not self._closed:
            self._closed = True
            with _PREPARING:
                _OPEN[self.path] -= 1

    def _prepare(self, *, first: bool) -> None:
        connection = self._connection
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0] if first else "ok"
        if verdict != "ok":
            raise LedgerUnavailable(
                f"{self.path} is damaged ({verdict})",
                cure="stop the agent, keep the file as evidence, and put the newest backup in its place",
            )
        version = self._version()
        if version > len(MIGRATIONS):
            raise LedgerUnavailable(
                f"{self.path} was written by a newer checkmeter", cure="install that version or a newer one"
            )
        for number, step in enumerate(MIGRATIONS[version:], start=version + 1):
            # one transaction, so that a crash leaves the step done or not begun
            with self.transaction():
                if self._version() < number:  # else another thread has taken it meanwhile
                    for statement in (*_statements(step), f"PRAGMA user_version = {number}"):
                        connection.execute(statement)

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])


def _statements(script: str) -> Iterator[str]:
    """The statements of a script; `executescript` would end the transaction that it is called in."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        reason = getattr(error, "sqlite_errorname", "")
        cure = {
            "SQLITE_FULL": "free space on its disk; what could not be written is read again from vCenter",
            "SQLITE_BUSY": "another program holds the file; let it go",
            "SQLITE_READONLY": "let the agent's user write to the file and its folder",
            "SQLITE_CANTOPEN": "make its folder, and let the agent's user write there",
            "SQLITE_NOTADB": "it is not a ledger; move it away, or correct --storage.path",
            "SQLITE_CORRUPT": "stop the agent, keep the file as evidence, and put the newest backup in its place",
        }.get(reason, "look at the disk and the file's permissions")
        problem = f"{path} is damaged ({error})" if reason == "SQLITE_CORRUPT" else f"{path}: {error}"
        raise LedgerUnavailable(problem, cure=cure) from error
