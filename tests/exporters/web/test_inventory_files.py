"""The inventory for download, asked through a real server."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from tests.exporters.web.test_web_app import Site
from tests.exporters.workbook.inventory_world import FULL, NOW


@pytest.fixture
def served() -> Iterator[Site]:
    site = Site()
    site.world, site.now = FULL, NOW
    yield site
    site.server.stop()


def test_the_workbook_is_saved_under_the_name_of_its_day(served: Site) -> None:
    answer = served.ask("/inventory.xlsx")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer.headers["content-disposition"] == 'attachment; filename="checkmeter-inventory-2026-11-24.xlsx"'
    assert answer.headers["cache-control"] == "no-store"
    assert load_workbook(io.BytesIO(answer.body))["vInfo"]["A3"].value == "skole-db01"


def test_csv_and_json_are_there_as_well_and_every_tab_by_itself(served: Site) -> None:
    with zipfile.ZipFile(io.BytesIO(served.ask("/inventory.csv.zip").body)) as archive:
        assert archive.read("vHost.csv") == served.ask("/inventory/vHost.csv").body
    assert json.loads(served.ask("/inventory.json").body)["vHost"][0]["Host"] == "esx01.kommune.example"
    assert served.ask("/inventory/vNothing.csv").status == 404


def test_without_a_current_vcenter_there_is_no_empty_workbook_but_a_reason(served: Site) -> None:
    served.now = NOW + timedelta(days=1)
    answer = served.ask("/inventory.xlsx")
    assert (answer.status, answer.text) == (503, "No vCenter is read at present: there is no inventory.\n")


def test_the_status_page_links_to_what_is_there(served: Site) -> None:
    page = served.ask("/").text
    for path in ("inventory.xlsx", "inventory.csv.zip", "inventory.json"):
        assert f'href="{path}"' in page
        assert served.ask(f"/{path}", "HEAD").status == 200
