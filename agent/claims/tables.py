"""The vendor's CSV files: bills and lists of incidents; commas or semicolons, every mistake with its line."""

import csv
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from fractions import Fraction
from io import StringIO
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from agent.config.document import Position, Problem
from agent.config.mistakes import got
from agent.model.contract_files import BilledServer, VendorIncident

BILL_COLUMNS = ("vm", "vcpu", "memory_gib", "disk_gib", "price")
INCIDENT_COLUMNS = ("id", "from", "to", "vms", "servers", "priority", "reported_at", "responded_at", "cause")
_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?", re.ASCII)
_DOUBTFUL = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}", re.ASCII)
_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
T = TypeVar("T")


class Cell(NamedTuple):
    """A value and where it stands."""

    text: str
    line: int
    column: int

    def problem(self, what: str) -> Problem:
        """A mistake in it."""
        return Problem(Position(self.line, self.column), (), what + got(self.text))


Row = dict[str, Cell]


class _Table:
    """Rows of a CSV file, by the names of the first line; mistakes gather in `problems`."""

    def __init__(self, text: str, known: Sequence[str], required: Sequence[str]) -> None:
        self.problems: list[Problem] = []
        self.rows: list[Row] = []
        head = text.partition("\n")[0]
        self.decimal = "," if ";" in head else "."
        reader = csv.reader(StringIO(text, newline=""), delimiter=";" if ";" in head else ",", strict=True)
        try:
            names = [name.strip().casefold() for name in next(reader, [])]
            self._head(names, known, required)
            for cells in reader:
                if not any(cell.strip() for cell in cells):
                    continue
                if len(cells) != len(names):
                    self._say(reader.line_num, 1, f"has {len(cells)} columns, the first line has {len(names)}")
                    continue
                self.rows.append(
                    {
                        name: Cell(cell.strip(), reader.line_num, at)
                        for at, (name, cell) in enumerate(zip(names, cells, strict=True), 1)
                    }
                )
        except csv.Error as error:
            self._say(reader.line_num, 1, f"not valid CSV: {error}")

    def _head(self, names: Sequence[str], known: Sequence[str], required: Sequence[str]) -> None:
        for at, name in enumerate(names, 1):
            close = get_close_matches(name, known, 1)
            hint = f", did you mean `{close[0]}`?" if close else f"; known here: {', '.join(known)}"
            if name not in known:
                self._say(1, at, f"unknown column {name!r}{hint}")
            elif name in names[: at - 1]:
                self._say(1, at, f"the column is given twice{got(name)}")
        for name in required:
            if name not in names:
                self._say(1, 1, f"the column {name} is missing")

    def _say(self, line: int, column: int, what: str) -> None:
        self.problems.append(Problem(Position(line, column), (), what))

    def value(self, row: Row, name: str, reading: Callable[[str], T]) -> T | None:
        """A cell read by `reading`; None where it is empty, not there, or wrong."""
        cell = row.get(name)
        if cell is None or not cell.text:
            return None
        try:
            return reading(cell.text)
        except ValueError as error:
            self.problems.append(cell.problem(str(error)))
            return None

    def number(self, text: str) -> Fraction:
        """Exact, not negative."""
        if self.decimal == "," and _DOUBTFUL.fullmatch(text):
            raise ValueError("may be thousands or thousandths: write it without the point, or with a decimal comma")
        plain = text.replace(",", ".") if self.decimal == "," else text
        if not _NUMBER.fullmatch(plain):
            raise ValueError("must be a number without thousands separators")
        return Fraction(plain)


def read_bill(text: str) -> tuple[tuple[BilledServer, ...], list[Problem]]:
    """The servers of a bill. An empty cell is what the bill does not say; a server twice is what a wrong bill looks like."""
    table = _Table(text, BILL_COLUMNS, ("vm",))
    found: list[BilledServer] = []
    for row in table.rows:
        vm = row.get("vm")
        if vm is None:
            break
        if not vm.text:
            table.problems.append(vm.problem("names no server"))
        found.append(
            BilledServer(
                vm=vm.text,
                vcpu=table.value(row, "vcpu", _whole),
                memory_gib=table.value(row, "memory_gib", table.number),
                disk_gib=table.value(row, "disk_gib", table.number),
                price=table.value(row, "price", table.number),
                line=vm.line,
            )
        )
    return tuple(found), table.problems


def read_incidents(text: str, zone: ZoneInfo) -> tuple[tuple[VendorIncident, ...], list[Problem]]:
    """The incidents of a list; times without an offset are by the wall clock of `zone`."""
    table = _Table(text, INCIDENT_COLUMNS, ("id", "from", "to"))

    def instant(text: str) -> datetime:
        return _instant(text, zone)

    found: list[VendorIncident] = []
    for row in table.rows:
        begin, end = table.value(row, "from", instant), table.value(row, "to", instant)
        table.problems += [
            row[name].problem(f"the column {name} must not be empty")
            for name in ("id", "from", "to")
            if name in row and not row[name].text
        ]
        if begin is not None and end is not None and end < begin:
            table.problems.append(row["to"].problem("must not be before `from`"))
        servers = row["servers"].text.split() if "servers" in row else []
        read = {
            "vms": table.value(row, "vms", _whole),
            "priority": table.value(row, "priority", _whole),
        }
        reported, responded = (table.value(row, name, instant) for name in ("reported_at", "responded_at"))
        if begin is None or end is None or "id" not in row:
            continue
        found.append(
            VendorIncident(
                id=row["id"].text,
                from_=begin,
                to=end,
                vms=read["vms"],
                priority=read["priority"],
                servers=tuple(servers),
                reported_at=reported,
                responded_at=responded,
                cause=(row["cause"].text or None) if "cause" in row else None,
            )
        )
    return tuple(found), table.problems


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError("must be a whole number")
    return int(text)


def _instant(text: str, zone: ZoneInfo) -> datetime:
    must = "must be a time, such as 2026-10-14 03:20 or 2026-10-14T03:20+02:00"
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(must) from None
    if len(text) < len("2026-10-14T03:20") or found.microsecond:
        raise ValueError(must)
    if found.tzinfo is not None:
        return found.astimezone(UTC)
    first, second = (found.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first.astimezone(zone).replace(tzinfo=None) != found:
        raise ValueError("clocks skip this time; give it with its offset")
    if first != second:
        raise ValueError("clocks show this time twice; give it with its offset")
    return first
