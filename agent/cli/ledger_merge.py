"""`checkmeter ledger merge`: one ledger of several agents' of the same vCenter."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, NamedTuple

import click

from agent.cli.ledger_file import local_zone, zone_option
from agent.cli.ledger_wording import both_clocks, contradiction_line, length
from agent.cli.options import log_options
from agent.clock import SystemClock
from agent.errors import AgentError
from agent.ledger.agreement import Disagreement, compared, disagreements
from agent.ledger.book import DATASTORE, HOST, VM, Book
from agent.ledger.chain import verify
from agent.ledger.database import Connection, Database
from agent.ledger.merged import origins, problem_of, vcenters_of
from agent.ledger.merging import Source, distinct, sources
from agent.ledger.merging import merge as write
from agent.ledger.recorded import Known, covered, vcenters

_KINDS = (VM, HOST, DATASTORE)
_SHOWN = 50
"""Lines of disagreements; the rest are counted."""


@click.command()
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to make.")
@zone_option
@log_options("warning")
def merge(*, files: tuple[Path, ...], out: Path, zone: tzinfo | None) -> int:
    """Make one ledger of the FILEs, which agents kept of the same vCenter, such as those of a pair.

    What one of them does not know another fills; what they say differently is printed, one line each, stays unknown, and makes the
    exit code 1. The new file has every row of each, is there to be read, and `ledger verify` proves it with each that went in.
    Give it to other commands as the checkmeter.db of a folder of its own.
    """
    zone = zone or local_zone(SystemClock().now())
    with ExitStack() as open_files:
        given: list[Source] = []
        for file in files:
            connection = open_files.enter_context(open_files.enter_context(closing(Database(file))).reading())
            _check(connection, file)
            given += sources(connection, file)
        found = distinct(given)
        for one in found:
            click.echo(f"ledger {one.origin.label}: {one.file}, {one.origin.head_seq:,} rows, head {one.origin.head}")
        with _bar(sum(one.origin.head_seq for one in found), "merging") as bar:
            for done in write(found, out):
                bar.update(done - bar.pos)
    with closing(Database(out)) as database, database.reading() as connection:
        lines = list(_lines(connection, zone))
        for line in lines[:_SHOWN]:
            click.echo(f"disagreement: {line}")
        if len(lines) > _SHOWN:
            click.echo(f"and {len(lines) - _SHOWN} more")
        seq, hashed = connection.execute("SELECT seq, hash FROM chain_head").fetchone()
    click.echo(f"{out}: {'the ledgers agree' if not lines else 'the ledgers disagree'}; head {seq}:{hashed.hex()}")
    return 1 if lines else 0


def _bar(length: int, label: str) -> Any:
    return click.progressbar(length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())


def _with_progress(months: Sequence["_Stretch"], name: str) -> Iterator["_Stretch"]:
    with _bar(len(months), f"judging {name}") as bar:
        for one in months:
            yield one
            bar.update(1)


def _check(connection: Connection, file: Path) -> None:
    """Only what is as it was written is merged."""
    problem = verify(connection).found
    wrong = (
        [problem.problem] if problem else [text for one in origins(connection) if (text := problem_of(connection, one))]
    )
    if wrong:
        raise AgentError(f"{file}: the ledger was altered: {wrong[0]}", cure="merge a backup from before instead")


class _Stretch(NamedTuple):
    known: Known
    start: datetime
    end: datetime


def _lines(connection: Connection, zone: tzinfo) -> Iterator[str]:
    """One for each thing that they say differently; what they fill of each other is printed on the way."""
    numbers = vcenters_of(connection)
    for known in vcenters(connection):
        for one in disagreements(connection, numbers[known.uuid]):
            yield f"{known.name}: {_event_line(one, zone)}"
        labels = [label for _, label in known.kept_by]
        unknown: Counter[str] = Counter()
        together = 0.0
        months = _months(connection, known)
        for stretch in _with_progress(months, known.name):
            book = Book(connection, known, stretch.start, stretch.end)
            for kind in _KINDS:
                for found in compared(book, kind, labels):
                    yield from (
                        f"{known.name}: {found.name}: {contradiction_line(clash, zone)}"
                        for clash in found.contradictions
                    )
                    if kind == VM:
                        unknown.update(found.unknown_s)
                        together += found.unknown_together_s
        for label in labels:
            click.echo(f"{known.name}: unknown to ledger {label}: {length(unknown[label])}, all VMs together")
        click.echo(f"{known.name}: unknown to all of them: {length(together)}")


def _event_line(one: Disagreement, zone: tzinfo) -> str:
    event = one.event
    what = f"event {event.key} ({event.kind}) of {both_clocks(event.created, zone)}"
    first, second = one.ledgers
    if one.differs:
        return f"{what} differs in {', '.join(one.differs)} between ledgers {first} and {second}"
    return f"{what} is in ledger {first} and not in {second}, whose agent had read that time"


def _months(connection: Connection, known: Known) -> Sequence[_Stretch]:
    """From the first to the last event that any of them read."""
    read = covered(connection, known.seq)
    if read is None:
        return ()
    found = []
    at, last = read
    while at < last:
        following = at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        following = following.replace(year=at.year + at.month // 12, month=at.month % 12 + 1)
        found.append(_Stretch(known, at, min(following, last)))
        at = following
    return found
