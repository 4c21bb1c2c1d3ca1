"""`checkmeter ledger verify`: is every row as it was written?"""

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from agent.cli.ledger_file import opened
from agent.cli.ledger_wording import utc
from agent.cli.options import log_options, storage_path
from agent.errors import AgentError
from agent.ledger.chain import NO_HASH, Checked
from agent.ledger.chain import verify as follow
from agent.ledger.database import Connection, Database
from agent.ledger.export import hash_of
from agent.ledger.merged import Origin, origins, own_rows, problem_of
from agent.ledger.purge import purged

_ROWS_A_STEP = 20_000
_HEAD = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})", re.ASCII)


class HeadType(click.ParamType):  # type: ignore[type-arg]  # generic only since click 8.3, at runtime too
    """`12345:0a1b…`, as `ledger verify` prints it."""

    name = "ROW:HASH"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, bytes]:
        """A row and its hash."""
        if isinstance(value, tuple):
            return value
        found = _HEAD.fullmatch(value)
        if found is None:
            self.fail(f"{value!r} is not what `ledger verify` prints as the head, ROW:HASH", param, ctx)
        return int(found[1]), bytes.fromhex(found[2])


@click.command()
@storage_path
@click.option("--head", type=HeadType(), help="A head that was noted earlier: all rows up to it must be the same.")
@log_options("warning")
def verify(storage_path: Path, head: tuple[int, bytes] | None) -> None:
    """Check that no row of the ledger was altered, taken out or put in; exit code 1 if one was.

    Of a merged ledger also that every ledger is in it as its agent wrote it. --head may be one of theirs.

    Rows cut off at the end, or a ledger that was made anew as a whole, only show against a head that was noted earlier
    and kept elsewhere: give it with --head.
    """
    with opened(storage_path) as database:
        checked = _follow(database)
        if checked.found is not None:
            raise AgentError(
                f"the ledger was altered: {checked.found.problem}",
                cure="keep this file as evidence; a backup shows what the row said",
            )
        with database.reading() as connection:
            taken = purged(connection)
            merged = origins(connection)
            for one in merged:
                problem = problem_of(connection, one)
                if problem is not None:
                    raise AgentError(f"the ledger was altered: of ledger {one.label}, {problem}")
            if head is not None:
                _compare(connection, merged, *head)
    click.echo(f"intact: {checked.seq:,} rows; head {checked.seq}:{checked.hash.hex()}")
    for one in merged:
        click.echo(f"merged from ledger {one.label}, whole and as its agent wrote it: head {one.head}")
    if taken is not None:
        click.echo(
            f"whole from {utc(taken.until)} on: of before, the personal part of {taken.rows:,} rows was taken out, "
            f"last at {utc(taken.last_at)}"
        )


def _follow(database: Database) -> Checked:
    """Step by step, so that the agent can write meanwhile, and so that one sees it go on."""
    with database.reading() as connection:
        total = connection.execute("SELECT seq FROM chain_head").fetchone()[0]
    checked = Checked(seq=0, hash=NO_HASH, found=None, complete=False)
    with click.progressbar(
        length=total, label="following the chain", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        while not checked.complete:
            before = checked.seq
            with database.reading() as connection:
                checked = follow(connection, checked.seq, checked.hash, _ROWS_A_STEP)
            bar.update(checked.seq - before)
    return checked


def _compare(connection: Connection, merged: Sequence[Origin], seq: int, noted: bytes) -> None:
    found = hash_of(connection, seq)
    if any(row.hash == noted for one in merged for row in own_rows(connection, one) if row.seq == seq):
        return
    if found is None:
        raise AgentError(f"the ledger was cut off: row {seq} of the noted head is missing")
    if found != noted:
        raise AgentError(f"the ledger was made anew: row {seq} is not the one of the noted head")
