"""The kinds of columns: each reads a value from a row, and shows, sorts and searches it in its own way.

A reader that gives `None` shows an en dash: vCenter did not say.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple, TypeAlias, TypeVar

from exporters.status_page.table import Cell, Column, Kind, Level, Sortable
from exporters.status_page.wording import age_text, iso, moment_text, percent_text, size_text

Row = TypeVar("Row")
Value = TypeVar("Value")
Words: TypeAlias = Mapping[str, tuple[str, Level | None]]

NEARLY_FULL_RATIO = 0.9
FULL_RATIO = 0.97


class Load(NamedTuple):
    """How much of a capacity is used; `title` says it in units."""

    ratio: float
    title: str


def load(used: float | None, capacity: float | None, unit: Callable[[float], str]) -> Load | None:
    """The load where both are known and there is a capacity; `unit` writes an amount."""
    if used is None or not capacity:
        return None
    return Load(used / capacity, f"{unit(used)} of {unit(capacity)}")


def shown(
    key: str,
    label: str,
    read: Callable[[Row], Value | None],
    show: Callable[[Value], Cell],
    by: Callable[[Value], Sortable],
    *,
    kind: Kind = Kind.WORD,
) -> Column[Row]:
    """Any column: `by` gives what it is sorted and, if that is text, searched by."""

    def value(row: Row) -> Sortable:
        found = read(row)
        return None if found is None else by(found)

    def cell(row: Row) -> Cell | None:
        found = read(row)
        return None if found is None else show(found)

    return Column(key=key, label=label, value=value, cell=cell, kind=kind)


def text(key: str, label: str, read: Callable[[Row], str | None]) -> Column[Row]:
    """A name or a word or two, as they are."""
    return shown(key, label, read, lambda value: Cell(text=value), str)


def prose(key: str, label: str, read: Callable[[Row], str | None]) -> Column[Row]:
    """Text that may take several lines."""
    return shown(key, label, read, lambda value: Cell(text=value), str, kind=Kind.PROSE)


def count(key: str, label: str, read: Callable[[Row], int | None]) -> Column[Row]:
    """A number with thousands separated."""
    return shown(key, label, read, lambda value: Cell(text=f"{value:,}"), float, kind=Kind.NUMBER)


def size(key: str, label: str, read: Callable[[Row], int | None]) -> Column[Row]:
    """Bytes in binary units; the exact number is its title."""
    return shown(
        key, label, read, lambda value: Cell(text=size_text(value), title=f"{value:,} bytes"), float, kind=Kind.NUMBER
    )


def words(key: str, label: str, read: Callable[[Row], str | None], known: Words) -> Column[Row]:
    """Words of vCenter in ours, marked by their level; one that is not `known` is shown as it came."""

    def show(value: str) -> Cell:
        spoken, level = known.get(value, (value, Level.UNKNOWN))
        return Cell(text=spoken, title="" if spoken == value else value, level=level)

    return shown(key, label, read, show, lambda value: show(value).text)


def flag(key: str, label: str, read: Callable[[Row], bool | None], *, alerting: bool | None = None) -> Column[Row]:
    """Yes or no; the `alerting` answer, if there is one, is marked."""

    def show(value: bool) -> Cell:
        return Cell(text="yes" if value else "no", level=Level.WARNING if value is alerting else None)

    return shown(key, label, read, show, lambda value: show(value).text)


def loads(key: str, label: str, read: Callable[[Row], Load | None], *, watched: bool = True) -> Column[Row]:
    """A bar with its percentage, marked above 90 and 97 % where that is `watched`."""

    def show(value: Load) -> Cell:
        level = None
        if watched and value.ratio >= NEARLY_FULL_RATIO:
            level = Level.BAD if value.ratio >= FULL_RATIO else Level.WARNING
        bar = min(max(value.ratio, 0.0), 1.0)
        return Cell(text=percent_text(value.ratio), title=value.title, ratio=bar, level=level)

    return shown(key, label, read, show, lambda value: value.ratio, kind=Kind.NUMBER)


def instant(key: str, label: str, read: Callable[[Row], datetime | None], now: datetime) -> Column[Row]:
    """A moment in UTC with its age."""

    def show(value: datetime) -> Cell:
        return Cell(text=moment_text(value), note=age_text(value, now), title=iso(value), instant=iso(value))

    return shown(key, label, read, show, lambda value: value)
