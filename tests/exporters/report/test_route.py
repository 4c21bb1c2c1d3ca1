"""Reports over HTTP: listed, served as they are, and nothing beside them."""

import asyncio
import re

import pytest

from agent.cli.report_shelf import ReportShelf
from exporters.asgi import Request
from exporters.report.route import PATH, ReportRoute

PAGE = "<!doctype html><style>p{color:red}</style><p>10"


@pytest.fixture
def shelf(tmp_path):
    for month, names in {
        "2026-09": ("claims.csv",),
        "2026-10": ("report-da.html", "report.json", "SHA256SUMS"),
    }.items():
        for name in names:
            file = tmp_path / "reports" / month / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(PAGE, encoding="utf-8")
    (tmp_path / "reports/2026-10/contract").mkdir()
    (tmp_path / "reports/2026-10/link").symlink_to(tmp_path / "secret")
    (tmp_path / "reports/notes").mkdir()
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    return ReportShelf(tmp_path / "reports")


def answer(shelf, path):
    request = Request(method="GET", path=PATH + path, query="", headers={})
    return asyncio.run(ReportRoute(shelf)(request))


def test_the_months_are_listed_the_newest_first_with_links(shelf):
    page = answer(shelf, "").body.decode()
    assert "2026-10/report-da.html" in re.findall(r'href="([^"]+)"', page)
    assert page.index("2026-10") < page.index("2026-09")
    assert "notes" not in page


def test_without_a_report_the_page_says_how_to_make_one(tmp_path):
    assert "checkmeter report --month" in answer(ReportShelf(tmp_path / "none"), "").body.decode()


def test_a_page_may_use_its_own_style_and_nothing_else(shelf):
    found = answer(shelf, "2026-10/report-da.html")
    assert (found.status, found.body.decode()) == (200, PAGE)
    policy = found.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("name", "kind"), [("report.json", "application/json"), ("SHA256SUMS", "text/plain; charset=utf-8")]
)
def test_annexes_are_served_as_what_they_are(shelf, name, kind):
    assert answer(shelf, f"2026-10/{name}").headers["Content-Type"] == kind


@pytest.mark.parametrize(
    "path",
    [
        "2026-11/report-da.html",
        "2026-10/",
        "2026-10/contract",
        "2026-10/../../secret",
        "../secret",
        "2026-10/..",
        "2026-10/link",
        "notes/x",
        "2026-10/a/b",
    ],
)
def test_nothing_beside_a_months_files_is_served(shelf, path):
    assert answer(shelf, path).status == 404
