"""A workbook as XLSX: typed cells, frozen headers, filters. Text is only ever text: nothing in it is a formula or a link."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from exporters.workbook.sheet import Cell, Sheet

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TEXT = 32_767
MOST_ROWS = 1_048_575
"""What the format holds below the header."""
_EXACT_INTEGERS = 2**53
"""A cell's number is a double: a larger integer is written as text, so that no digit is lost."""
_WIDEST, _NARROWEST = 60, 8


def xlsx(sheets: Sequence[Sheet], now: datetime) -> bytes:
    """The file. Times are UTC. `now` is written into it as its creation time."""
    buffer = io.BytesIO()
    settings = {
        # rows go to temporary files as they are written: of 5,000 VMs there are millions of cells
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, settings) as book:
        book.set_properties({"title": "Inventory", "author": "Checkmeter", "created": _bare(now)})
        header = book.add_format({"bold": True, "bottom": 1, "text_wrap": False})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name), sheet, header, moment)
    return buffer.getvalue()


def _write(page: Worksheet, sheet: Sheet, header: Format, moment: Format) -> None:
    rows = sheet.rows[:MOST_ROWS]
    widths = [len(name) + 3 for name in sheet.headers]  # the filter's button takes the place of three letters
    for column, name in enumerate(sheet.headers):
        page.write_string(0, column, name, header)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            widths[column] = max(widths[column], _cell(page, number, column, value, moment))
    for column, width in enumerate(widths):
        page.set_column(column, column, min(_WIDEST, max(_NARROWEST, width)))
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, len(rows), len(sheet.headers) - 1)


def _cell(page: Worksheet, row: int, column: int, value: Cell, moment: Format) -> int:
    """Write one cell; its width in letters."""
    if value is None:
        return 0
    if isinstance(value, bool):
        page.write_boolean(row, column, value)
        return 5
    if isinstance(value, datetime):
        page.write_datetime(row, column, _bare(value), moment)
        return 19
    if isinstance(value, str) or abs(value) > _EXACT_INTEGERS:
        text = str(value)
        page.write_string(row, column, text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…")
        return len(text)
    page.write_number(row, column, value)
    return len(str(value))


def _bare(moment: datetime) -> datetime:
    """UTC without saying so, to the second: a cell has no time zone."""
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)
