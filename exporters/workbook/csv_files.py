"""A workbook as CSV, a file a tab: comma, quotes where needed, UTF-8. Spreadsheet programs open CSV as if it was typed in,
so text that they would take for a formula gets an apostrophe before it, as one would type it.
"""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime

from exporters.workbook.sheet import Cell, Sheet

CONTENT_TYPE = "text/csv; charset=utf-8; header=present"
ZIP_CONTENT_TYPE = "application/zip"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - the full-width ones are taken for formulas too
_BYTE_ORDER_MARK = "\ufeff"
"""By which Excel knows UTF-8."""


def csv_bytes(sheet: Sheet) -> bytes:
    """One tab."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_safe(name) for name in sheet.headers])
    writer.writerows([_text(value) for value in row] for row in sheet.rows)
    return f"{_BYTE_ORDER_MARK}{text.getvalue()}".encode()


def csv_zip(sheets: Sequence[Sheet], now: datetime) -> bytes:
    """All tabs in one ZIP file; `now` is the files' time."""
    buffer = io.BytesIO()
    at = now.astimezone(UTC)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for sheet in sheets:
            name = zipfile.ZipInfo(f"{sheet.name}.csv", (at.year, at.month, at.day, at.hour, at.minute, at.second))
            name.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(name, csv_bytes(sheet))
    return buffer.getvalue()


def _text(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    return _safe(value) if isinstance(value, str) else str(value)


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
