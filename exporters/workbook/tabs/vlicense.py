"""vLicense: every licence that vCenter has; the keys are never read."""

from collections.abc import Iterable
from typing import NamedTuple

from agent.model.licence import Licence
from exporters.workbook.sheet import Columns, Tab, listed
from exporters.workbook.source import Source


class _Row(NamedTuple):
    source: Source
    licence: Licence


def _rows(source: Source) -> Iterable[_Row]:
    return (_Row(source, licence) for licence in source.inventory.licences or ())


_COLUMNS: Columns[_Row] = (
    ("Name", lambda row: row.licence.name),
    ("Labels", lambda row: listed(row.licence.labels)),
    ("Cost Unit", lambda row: row.licence.cost_unit),
    ("Total", lambda row: row.licence.total),
    ("Used", lambda row: row.licence.used),
    ("Expiration Date", lambda row: row.licence.expires),
    ("VI SDK Server", lambda row: row.source.server),
    ("VI SDK UUID", lambda row: row.source.uuid),
)

TAB = Tab(
    name="vLicense",
    rows=_rows,
    columns=_COLUMNS,
    absent={
        "Key": "a secret: it is digested as it comes in, and kept nowhere",
        "Features": "not read: the list says what an edition can do, not what is used",
    },
)
