"""What a tab is made of, and what becomes of it: typed cells under headers, the same for every format."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import datetime
from typing import Generic, TypeAlias, TypeVar

from agent.dataclass import dataclass
from exporters.workbook.source import Source

MIB = 1024**2

Cell: TypeAlias = str | int | float | bool | datetime | None
"""`None`: vCenter did not say, an empty cell. Times have a zone; they are written in UTC."""

Row = TypeVar("Row")
Other = TypeVar("Other")
Columns: TypeAlias = tuple[tuple[str, Callable[[Row], Cell]], ...]
"""Headers with what stands under them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A finished tab: as many cells in each row as there are headers."""

    name: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab(Generic[Row]):
    """One tab of RVTools'. The first line of its module's docstring says what a row is."""

    name: str
    rows: Callable[[Source], Iterable[Row]]
    columns: Columns[Row]
    labels: Callable[[Row], Mapping[str, str]] | None = None
    """custom attributes and tags of a row's object, by name: each name is a column of its own"""
    labels_before: str = "VI SDK Server"
    """the column that they stand before"""
    absent: Mapping[str, str] = field(default_factory=dict)
    """columns of RVTools' that this tab leaves out, with the reason"""

    def sheet(self, sources: Iterable[Source]) -> Sheet:
        """The tab of all vCenters together, rows in the order of the sources."""
        rows = [row for source in sources for row in self.rows(source)]
        columns = self.columns
        if self.labels is not None:
            names = sorted({name for row in rows for name in self.labels(row)}, key=str.casefold)
            at = [name for name, _ in columns].index(self.labels_before)
            columns = (*columns[:at], *(_label(self.labels, name) for name in names), *columns[at:])
        return Sheet(
            name=self.name,
            headers=tuple(name for name, _ in columns),
            rows=tuple(tuple(value(row) for _, value in columns) for row in rows),
        )


def of_part(columns: Columns[Row], part: Callable[[Other], Row]) -> Columns[Other]:
    """The same columns for rows that have such a row as a part."""
    return tuple((name, _through(value, part)) for name, value in columns)


def mib(count: int | None) -> int | None:
    """Bytes as whole MiB, rounded down as RVTools does."""
    return None if count is None else count // MIB


def percent(part: float | None, whole: float | None) -> int | None:
    """A whole percentage, rounded down; unknown where either is unknown, or there is nothing to be a part of."""
    return None if part is None or not whole else int(part * 100 // whole)


def listed(items: Iterable[object] | None, separator: str = ", ") -> str | None:
    """Several values in one cell; those that are unknown are left out."""
    return None if items is None else separator.join(str(item) for item in items if item is not None)


def ratio(part: float | None, whole: float | None) -> float | None:
    """To two decimals."""
    return None if part is None or not whole else round(part / whole, 2)


def _through(value: Callable[[Row], Cell], part: Callable[[Other], Row]) -> Callable[[Other], Cell]:
    return lambda row: value(part(row))


def _label(labels: Callable[[Row], Mapping[str, str]], name: str) -> tuple[str, Callable[[Row], Cell]]:
    return name, lambda row: labels(row).get(name)
