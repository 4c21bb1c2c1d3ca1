"""Reads the folder that the customer keeps about one contract: every file checked, hashed, and all mistakes told at once."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import field
from operator import attrgetter
from pathlib import Path

from agent.claims.contract_checks import TablesNamed, contract_problems, tables_named
from agent.claims.folder_checks import folder_problems, report_problems
from agent.claims.parsing import Parsed, parse
from agent.claims.tables import read_bill, read_incidents
from agent.config.document import Position, Problem
from agent.dataclass import dataclass
from agent.errors import ConfigError
from agent.model.contract import Contract
from agent.model.contract_files import (
    Bill,
    Exclusion,
    ExclusionsFile,
    Notice,
    NoticesFile,
    ReceivedIncident,
    SourceFile,
    VendorReport,
    VendorReportFile,
)
from agent.model.contract_folder import ContractFolder

_YAML = {".yaml", ".yml"}
_LARGEST = 32 * 2**20


@dataclass(slots=True)
class Collected:
    """What was found so far. `problems` are (file, problem)."""

    contracts: list[tuple[str, Parsed, Contract]] = field(default_factory=list)
    reports: list[tuple[str, Parsed, VendorReport]] = field(default_factory=list)
    notices: list[tuple[str, Parsed, tuple[Notice, ...]]] = field(default_factory=list)
    exclusions: list[tuple[str, Parsed, tuple[Exclusion, ...]]] = field(default_factory=list)
    bills: dict[str, Bill] = field(default_factory=dict)
    incidents: list[ReceivedIncident] = field(default_factory=list)
    files: list[SourceFile] = field(default_factory=list)
    tables: list[TablesNamed] = field(default_factory=list)
    """what the contracts name, also those with mistakes"""
    problems: list[tuple[str, Problem]] = field(default_factory=list)

    def say(self, file: str, problems: Iterable[Problem]) -> None:
        """Mistakes of one file."""
        self.problems += [(file, problem) for problem in problems]


def read_folder(path: Path) -> ContractFolder:
    """The files in `path`, or the one contract file that `path` is.

    Raises:
        ConfigError: with one line for each mistake, by file and in its order.
    """
    found = Collected()
    alone = not path.is_dir()
    root = path.parent if alone else path
    for file in [path] if alone else sorted(one for one in root.rglob("*") if _is_ours(one, root)):
        _read_yaml(file, _name(file, root), found)
    found.contracts.sort(key=lambda one: (one[2].metadata.revision, one[0]))
    if not found.problems and not found.contracts:
        text = "there is no file with `kind: VendorContract`"
        text += "; give the folder that this file belongs to" if alone else ""
        found.say(_name(path, root), [Problem(Position(1, 1), (), text)])
    for named in () if alone else found.tables:
        _read_tables(root, named, found)
    for name, problem in folder_problems(found.contracts, found.reports, found.notices, found.exclusions):
        found.say(name, [problem])
    if found.problems:
        raise ConfigError(*_lines(found.problems, path if alone else None, root))
    return _folder(found)


def stamp(path: Path) -> tuple[tuple[str, int, int, int], ...]:
    """Name, inode, size and time of every file that `read_folder` may read: equal as long as none was written.

    To read and check the contract again every five minutes was half of what its claims cost at 80 VMs.
    """
    files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
    try:
        found = [(str(file), file.stat()) for file in files]
    except OSError:  # it goes while it is looked at: the next look is another
        return ()
    return tuple((name, status.st_ino, status.st_size, status.st_mtime_ns) for name, status in found)


def _is_ours(file: Path, root: Path) -> bool:
    """Not what editors and version control keep beside it."""
    return (
        file.suffix in _YAML
        and not any(part.startswith(".") for part in file.relative_to(root).parts)
        and file.is_file()
    )


def _folder(found: Collected) -> ContractFolder:
    contracts = tuple(contract for _, _, contract in found.contracts)
    reports: dict[str, VendorReport] = {}
    incidents = list(found.incidents)
    files = {one.month: name for name, _, one in found.reports}
    for name, _, contract in found.contracts:
        for report in contract.spec.reported:
            reports[report.month] = report
            files.setdefault(report.month, name)
    reports |= {one.month: one for _, _, one in found.reports}
    for month, report in reports.items():
        incidents += [ReceivedIncident(incident=one, file=files[month], month=month) for one in report.incidents]
    # The same incident may stand in the report and in the list.
    unique = {(one.incident.id, one.incident.from_, one.incident.to): one for one in reversed(incidents)}
    return ContractFolder(
        contracts=contracts,
        notices=tuple(one for *_, some in found.notices for one in some),
        exclusions=tuple(one for *_, some in found.exclusions for one in some),
        reports=dict(sorted(reports.items())),
        incidents=tuple(sorted(unique.values(), key=lambda one: (one.start, one.incident.id))),
        bills=dict(sorted(found.bills.items())),
        files=tuple(sorted(found.files, key=lambda one: one.name)),
    )


def _read_yaml(file: Path, name: str, found: Collected) -> None:
    text = _text(file, name, found, None)
    if text is None:
        return
    parsed = parse(text)
    found.files[-1] = SourceFile(name=name, sha256=found.files[-1].sha256, kind=parsed.kind or "")
    problems = list(parsed.problems)
    if parsed.kind == "VendorContract":
        problems += contract_problems(parsed.read)
        found.tables.append(tables_named(parsed.read.values))
    problems += report_problems(parsed)
    # What pydantic found is not said twice by what looks at the values.
    found.say(name, {(one.location, one.text): one for one in problems}.values())
    match parsed.value:
        case Contract() as contract if not problems:
            found.contracts.append((name, parsed, contract))
        case VendorReportFile(spec=report):
            found.reports.append((name, parsed, report))
        case NoticesFile(spec=terms):
            found.notices.append((name, parsed, terms.notices))
        case ExclusionsFile(spec=terms):
            found.exclusions.append((name, parsed, terms.exclusions))


def _read_tables(root: Path, named: TablesNamed, found: Collected) -> None:
    """Bills and incidents as one revision names them; a file that an earlier one named too is not read again."""
    read = {one.name for one in found.files}
    for file, month in _bills(root, named.bills) if named.bills else ():
        name = _name(file, root)
        text = _text(file, name, found, "Bill") if name not in read else None
        if text is not None:
            servers, problems = read_bill(text)
            found.say(name, problems)
            found.bills[month] = Bill(month=month, file=name, servers=servers)
    for pattern in named.incidents:
        for file in sorted(one for one in root.glob(pattern) if one.is_file()):
            name = _name(file, root)
            if name in {one.name for one in found.files}:
                continue
            text = _text(file, name, found, "Incidents")
            if text is not None:
                incidents, problems = read_incidents(text, named.zone)
                found.say(name, problems)
                found.incidents += [ReceivedIncident(incident=one, file=name) for one in incidents]


def _bills(root: Path, pattern: str) -> Iterator[tuple[Path, str]]:
    before, _, after = pattern.partition("{month}")
    named = re.compile(re.escape(before) + r"(\d{4}-(?:0[1-9]|1[0-2]))" + re.escape(after), re.ASCII)
    for file in sorted(root.glob(before.replace("[", "[[]") + "*" + after.replace("[", "[[]"))):
        month = named.fullmatch(_name(file, root))
        if month is not None and file.is_file():
            yield file, month[1]


def _text(file: Path, name: str, found: Collected, kind: str | None) -> str | None:
    """A file's text, hashed as it is on the disk."""
    try:
        if file.stat().st_size > _LARGEST:
            found.say(name, [Problem(Position(1, 1), (), "larger than 32 MiB")])
            return None
        content = file.read_bytes()
    except OSError as error:
        found.say(name, [Problem(Position(1, 1), (), error.strerror or "cannot be read")])
        return None
    found.files.append(SourceFile(name=name, sha256=hashlib.sha256(content).hexdigest(), kind=kind or ""))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        found.say(name, [Problem(Position(line, 1), (), "not UTF-8 text: save it as `CSV UTF-8` or `UTF-8`")])
        return None


def _name(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix()


def _lines(problems: Iterable[tuple[str, Problem]], alone: Path | None, root: Path) -> Iterator[str]:
    for name, problem in sorted(problems, key=lambda one: (one[0], attrgetter("position")(one[1]))):
        yield problem.line(str(alone or root / name))
