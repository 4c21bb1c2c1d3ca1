"""vMetaData: what made this workbook, when, and from which servers. All times in it are UTC."""

from collections.abc import Iterable

from exporters.workbook.sheet import Columns, Tab
from exporters.workbook.source import Source


def _itself(source: Source) -> Iterable[Source]:
    yield source


_COLUMNS: Columns[Source] = (
    ("Made by", lambda _: "Checkmeter"),
    ("xlsx creation datetime", lambda source: source.now),
    ("Confirmed by vCenter", lambda source: source.inventory.confirmed_at),
    ("Usage figures read", lambda source: source.inventory.quick_read_at),
    ("Files and settings read", lambda source: source.inventory.slow_read_at),
    ("Server", lambda source: source.server),
)

TAB = Tab(
    name="vMetaData",
    rows=_itself,
    columns=_COLUMNS,
    absent={
        "RVTools major version": "this is not RVTools",
        "RVTools version": "the same",
    },
)
