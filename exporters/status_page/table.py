"""Tables that the server filters, sorts and cuts, so that they work without JavaScript and with 5,000 VMs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Generic, Self, TypeAlias, TypeVar
from urllib.parse import parse_qsl, urlencode

from agent.dataclass import dataclass
from exporters.status_page.wording import natural_key

Row = TypeVar("Row")
Sortable: TypeAlias = str | float | datetime | None

MAX_ROWS = 200
MAX_ASKED = 32  # query parameters; more than the page itself ever sends
MAX_NEEDLE = 100
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Level(IntEnum):
    """How bad, worst last; the page shows each with a word or an icon, never by colour alone."""

    OK = 0
    UNKNOWN = 1
    WARNING = 2
    BAD = 3

    @property
    def css(self) -> str:
        """The class that colours it."""
        return self.name.lower()


class Kind(StrEnum):
    """How a column is set: on one line, aligned to the right, or wrapped."""

    WORD = "word"
    NUMBER = "number"
    PROSE = "prose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one cell prints. `ratio` (0 to 1) draws a bar, `instant` (ISO) makes a `<time>`, `level` a marked word."""

    text: str
    title: str = ""
    note: str = ""
    level: Level | None = None
    ratio: float | None = None
    instant: str = ""
    href: str = ""


ABSENT = Cell(text="–", title="vCenter did not say")  # noqa: RUF001  # an en dash is what tables use


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[Row]):
    """`value` is what is sorted and, if it is text, searched; `cell` what is shown. `None` is what vCenter did not say."""

    key: str
    label: str
    value: Callable[[Row], Sortable]
    cell: Callable[[Row], Cell | None]
    kind: Kind = Kind.WORD


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout(Generic[Row]):
    """A table before its rows.

    `order` is the column sorted by unless asked otherwise, `-` before it for descending; empty keeps the rows' order.
    """

    key: str
    title: str
    columns: tuple[Column[Row], ...]
    order: str
    empty: str
    stale: Callable[[Row], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A column's head: the link sorts by it, the other way round where it is sorted already."""

    key: str
    label: str
    kind: Kind
    href: str
    aria_sort: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """Cells in the order of the headings; `stale` where their vCenter does not answer any more."""

    cells: tuple[Cell, ...]
    stale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as it is printed: `rows` are at most 200 of the `matching` out of `total`."""

    key: str
    title: str
    headings: tuple[Heading, ...]
    rows: tuple[TableRow, ...]
    total: int
    matching: int
    needle: str
    empty: str
    kept: tuple[tuple[str, str], ...]
    """Parameters of the other tables, which the filter's form carries along."""
    unfiltered: str

    @property
    def hidden(self) -> int:
        """Rows that match and are not shown."""
        return self.matching - len(self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the query string asks of the tables: `vm=erp` filters, `vm_sort=-memory` sorts."""

    params: Mapping[str, str]

    @classmethod
    def parse(cls, query: str, tables: Iterable[str]) -> Self:
        """Keep what names one of the `tables`; the rest of a query string is ignored."""
        known = {name for table in tables for name in (table, f"{table}_sort")}
        try:
            pairs = parse_qsl(query, max_num_fields=MAX_ASKED)
        except ValueError:  # more parameters than any link of ours has
            pairs = []
        return cls(
            params={name: value.strip()[:MAX_NEEDLE] for name, value in pairs if name in known and value.strip()}
        )

    def link(self, table: str, **changes: str) -> str:
        """A relative URL to `table` with changed parameters; an empty value drops one."""
        wanted = {name: value for name, value in {**self.params, **changes}.items() if value}
        return f"?{urlencode(wanted)}#{table}"

    def other_than(self, name: str) -> tuple[tuple[str, str], ...]:
        """Every parameter but one."""
        return tuple((known, value) for known, value in self.params.items() if known != name)


def fill(layout: Layout[Row], rows: Sequence[Row], asked: Asked) -> Table:
    """The rows that match, in the order asked for, at most 200."""
    needle = asked.params.get(layout.key, "")
    matching = [row for row in rows if _matches(layout, row, needle.casefold())] if needle else list(rows)
    column, descending = _order(layout, asked.params.get(f"{layout.key}_sort", ""))
    ordered = _sorted(matching, column, descending=descending) if column else matching
    return Table(
        key=layout.key,
        title=layout.title,
        headings=tuple(_heading(layout, item, column, asked, descending=descending) for item in layout.columns),
        rows=tuple(_row(layout, row) for row in ordered[:MAX_ROWS]),
        total=len(rows),
        matching=len(matching),
        needle=needle,
        empty=layout.empty,
        kept=asked.other_than(layout.key),
        unfiltered=asked.link(layout.key, **{layout.key: ""}),
    )


def _matches(layout: Layout[Row], row: Row, needle: str) -> bool:
    return any(isinstance(value := column.value(row), str) and needle in value.casefold() for column in layout.columns)


def _order(layout: Layout[Row], wanted: str) -> tuple[Column[Row] | None, bool]:
    by_key = {column.key: column for column in layout.columns}
    if wanted.removeprefix("-") not in by_key:
        wanted = layout.order
    return by_key.get(wanted.removeprefix("-")), wanted.startswith("-")


def _sorted(rows: Sequence[Row], column: Column[Row], *, descending: bool) -> list[Row]:
    """Stable; what vCenter did not say comes last in either direction."""
    known = [(value, row) for row in rows if (value := column.value(row)) is not None]
    unknown = [row for row in rows if column.value(row) is None]
    known.sort(key=lambda pair: _sort_key(pair[0]), reverse=descending)
    return [row for _, row in known] + unknown


def _sort_key(value: Sortable) -> tuple[float, datetime, list[str | int]]:
    if isinstance(value, str):
        return 0.0, _LONG_AGO, natural_key(value)
    if isinstance(value, datetime):
        return 0.0, value, []
    return float(value or 0), _LONG_AGO, []


def _heading(
    layout: Layout[Row], column: Column[Row], sorted_by: Column[Row] | None, asked: Asked, *, descending: bool
) -> Heading:
    current = column is sorted_by
    # numbers are looked at largest first
    turned = not descending if current else column.kind is Kind.NUMBER
    wanted = f"-{column.key}" if turned else column.key
    return Heading(
        key=column.key,
        label=column.label,
        kind=column.kind,
        href=asked.link(layout.key, **{f"{layout.key}_sort": wanted}),
        aria_sort=("descending" if descending else "ascending") if current else "none",
    )


def _row(layout: Layout[Row], row: Row) -> TableRow:
    cells = tuple(column.cell(row) or ABSENT for column in layout.columns)
    return TableRow(cells=cells, stale=layout.stale(row))
