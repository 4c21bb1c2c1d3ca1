"""A workbook as JSON: for each tab a list of rows, each an object by column; what is unknown is null, times are ISO 8601 in UTC."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from exporters.workbook.sheet import Cell, Sheet

CONTENT_TYPE = "application/json; charset=utf-8"


def json_document(sheets: Sequence[Sheet]) -> bytes:
    """The document, with a line end."""
    tabs = {
        sheet.name: [dict(zip(sheet.headers, map(_value, row), strict=True)) for row in sheet.rows] for sheet in sheets
    }
    return (json.dumps(tabs, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _value(value: Cell) -> Cell:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else value
