"""A report's folder: made from the ledger as it stands, or made again as it stood, and compared."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from agent import __version__
from agent.claims.evaluation import evaluate
from agent.claims.folder import read_folder
from agent.claims.month import Month
from agent.claims.terms import month_of
from agent.collectors.month_account import month_report
from agent.collectors.month_evidence import month_evidence
from agent.dataclass import dataclass
from agent.errors import AgentError
from agent.ledger.as_of import head, learned_at, reading_as_of
from agent.ledger.database import Connection, Database
from agent.ledger.purge import purged
from agent.ledger.recorded import covered, vcenters
from agent.model.builds import BuildTable
from agent.model.contract_folder import ContractFolder
from agent.model.month_report import MonthReport
from agent.model.probe_result import ProbeResult
from agent.model.verdict import MonthResult
from exporters.report.annexes import FORMAT
from exporters.report.bundle import CONTRACT, SUMS, bundle
from exporters.report.probes import PROBES, read_back

_MANIFEST = "report.json"
_MONTHS_BEFORE = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A report, and all its files."""

    report: MonthReport
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A report's folder beside what the ledger gives now."""

    month: str
    row: int
    same: int
    """files that are the same"""
    different: tuple[str, ...]
    """files that are not, or that are missing"""
    notes: tuple[str, ...]
    """what may explain it"""


def make_report(  # noqa: PLR0917 - all six are what it depends on
    database: Database,
    contract: Path,
    month: str,
    languages: Sequence[str],
    builds: BuildTable,
    reports: Path,
    *,
    row: int | None = None,
    probes: Callable[[datetime, datetime], Sequence[ProbeResult]] | None = None,
) -> Made:
    """The report of a month.

    Args:
        database: The ledger.
        contract: The contract's folder.
        month: Such as 2026-10.
        languages: Of its pages.
        builds: Releases of ESXi.
        reports: The folder that holds a folder for each month.
        row: The last row of the ledger that counts; as far as it goes unless given.
        probes: Tells what probes said between two times; without it the report has nothing of them.

    Raises:
        AgentError: the contract is wrong, or the ledger has no such row.
    """
    folder = read_folder(contract)
    if row is None:
        with database.reading() as connection:
            row, _ = head(connection)
    with reading_as_of(database, row) as (connection, digest):
        now = learned_at(connection, row)
        if digest is None or now is None:
            raise AgentError(
                f"the ledger has no row {row}", cure="name the folder of the ledger that the report was made from"
            )
        report = month_report(
            connection,
            folder,
            month,
            month_evidence(connection, folder, month, now, builds),
            earlier=_year_before(connection, folder, month, now, builds),
            ledger=(row, digest),
            version=__version__,
            previous=_sums_of(reports / month_of(folder, month).previous.name),
        )
    if probes is not None:
        until = report.result.judged_until or report.result.start
        report = replace(
            report, probes=tuple(probes(report.result.start, _whole_minute(min(until, report.result.end))))
        )
    root = contract if contract.is_dir() else contract.parent
    copies = {one.name: (root / one.name).read_bytes() for one in folder.files}
    return Made(report=report, files=bundle(report, languages, copies))


def _year_before(
    connection: Connection, folder: ContractFolder, name: str, now: datetime, builds: BuildTable
) -> list[MonthResult]:
    """The twelve months before, as far as the ledger reaches: for the trend, and for credits that are capped a year."""
    read = [span for one in vcenters(connection) if (span := covered(connection, one.seq)) is not None]
    month = month_of(folder, name)
    months: list[Month] = []
    while read and len(months) < _MONTHS_BEFORE and min(start for start, _ in read) < month.start:
        month = month.previous
        months.append(month)
    found: list[MonthResult] = []
    for past in reversed(months):
        of_its_year = [one for one in found if one.month[:4] == past.name[:4]]
        evidence = month_evidence(connection, folder, past.name, now, builds)
        found.append(evaluate(folder, past.name, evidence, of_its_year))
    return found


def write_report(made: Made, target: Path, *, overwrite: bool) -> None:
    """Write a report's folder.

    Raises:
        AgentError: it is there already, or cannot be written.
    """
    if target.exists() and not overwrite:
        raise AgentError(f"{target} exists already", cure="give --overwrite to make it anew, or move it away")
    try:
        for old in _listed(target):  # a page in a language that is not made now would be one of another ledger
            (target / old).unlink(missing_ok=True)
        for name, content in made.files.items():
            file = target / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
    except OSError as error:
        raise AgentError(f"{error.filename}: {error.strerror}", cure="choose another --output") from None


def compare_report(database: Database, target: Path, builds: BuildTable) -> Comparison:
    """Make the report in a folder again, from the ledger as it stood and from its own copy of the contract.

    Raises:
        AgentError: it is no report, or the ledger is not the one it was made from.
    """
    manifest = _manifest(target)
    row, month = int(manifest["ledger"]["row"]), str(manifest["month"])
    languages = sorted(file.stem.removeprefix("report-") for file in target.glob("report-*.html"))
    kept = _content(target / PROBES)
    probes = None if kept is None else read_back(kept)
    made = make_report(
        database,
        target / CONTRACT,
        month,
        languages,
        builds,
        target.parent,
        row=row,
        probes=None if probes is None else lambda *_: probes,
    )
    notes = []
    if made.report.ledger.hash != manifest["ledger"]["hash"]:
        raise AgentError(
            f"row {row} of the ledger is not the one that the report was made from",
            cure="`checkmeter ledger verify` says whether the ledger was altered",
        )
    if made.report.version != manifest["version"]:
        notes.append(f"the report was made by checkmeter {manifest['version']}, this is {made.report.version}")
    if made.report.previous != manifest["previous"]:
        notes.append("last month's SHA256SUMS is not the one that this report is chained to")
    with database.reading() as connection:
        taken = purged(connection)
    if taken is not None and taken.until > made.report.result.start:
        notes.append(
            f"of before {taken.until:%Y-%m-%d} the texts of events were purged from the ledger, which the report still has"
        )
    different = [name for name, content in made.files.items() if _content(target / name) != content]
    return Comparison(
        month=month,
        row=row,
        same=len(made.files) - len(different),
        different=tuple(different),
        notes=tuple(notes),
    )


def _manifest(target: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((target / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = {}
    if found.get("format") != FORMAT:
        raise AgentError(f"{target} is no report's folder", cure=f"it must have the {_MANIFEST} of a report")
    return found


def _whole_minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _listed(target: Path) -> list[str]:
    """The files of a report that is there already."""
    lines = (_content(target / SUMS) or b"").decode("utf-8", "replace").splitlines()
    return [name for _, _, name in (line.partition("  ") for line in lines) if name and not name.startswith("..")]


def _sums_of(folder: Path) -> str | None:
    content = _content(folder / SUMS)
    return None if content is None else hashlib.sha256(content).hexdigest()


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None
