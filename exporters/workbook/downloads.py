"""The files that the agent offers for download: their names on the web, and how each is made."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from agent.model.world import World
from exporters.workbook import csv_files, json_document, xlsx
from exporters.workbook.catalogue import TABS, workbook
from exporters.workbook.paths import PATHS, SUFFIXES, tab_path
from exporters.workbook.sheet import Sheet


class Download(NamedTuple):
    """A file to be saved."""

    name: str
    content_type: str
    body: bytes


class _Kind(NamedTuple):
    content_type: str
    make: Callable[[Sequence[Sheet], datetime], bytes]


_KINDS: Mapping[str, _Kind] = {
    "xlsx": _Kind(xlsx.CONTENT_TYPE, xlsx.xlsx),
    "csv": _Kind(csv_files.ZIP_CONTENT_TYPE, csv_files.csv_zip),
    "json": _Kind(json_document.CONTENT_TYPE, lambda sheets, _: json_document.json_document(sheets)),
}
TAB_NAMES = tuple(tab.name for tab in TABS)
TAB_PATHS: Mapping[str, str] = {tab_path(name): name for name in TAB_NAMES}
"""Web path -> tab, as CSV."""


def download(sheets: Sequence[Sheet], now: datetime, form: str) -> Download:
    """The whole workbook in a format of FORMATS."""
    kind = _KINDS[form]
    return Download(file_name(now, form), kind.content_type, kind.make(sheets, now))


def file_name(now: datetime, form: str) -> str:
    """`checkmeter-inventory-2026-11-24.xlsx`; the day in UTC."""
    return f"checkmeter-inventory-{now.astimezone(UTC):%Y-%m-%d}{SUFFIXES[form]}"


def tab_file(sheets: Sequence[Sheet], name: str) -> Download:
    """One tab as CSV."""
    sheet = next(sheet for sheet in sheets if sheet.name == name)
    return Download(f"{name}.csv", csv_files.CONTENT_TYPE, csv_files.csv_bytes(sheet))


def offered(path: str, world: World, now: datetime) -> Download:
    """What stands at a web path of PATHS or below TABS. Raises KeyError: there is no such tab."""
    if path in PATHS:
        return download(workbook(world, now), now, PATHS[path])
    name = TAB_PATHS[path]
    return tab_file(workbook(world, now), name)
