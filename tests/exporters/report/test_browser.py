"""The report in a real browser, as the agent serves it: readable, followed from the finding to the event, printed."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from agent.cli.report_files import make_report, write_report
from agent.cli.report_shelf import REPORTS, ReportShelf
from agent.clock import SystemClock
from agent.config.builds import load_builds
from agent.ledger.database import Database
from exporters.prometheus.page import Cache
from exporters.prometheus.page import render as render_metrics
from exporters.report.language import LANGUAGES
from exporters.report.route import PATH, ReportRoute
from exporters.web import WebApp
from exporters.web_server import WebServer
from tests.agent.cli.demonstrated import demonstrated
from tests.worlds import NOW, WORLD

pytestmark = pytest.mark.needs("chromium")

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
SHORT_ENOUGH = 20
"""Pages, for a meeting."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with demonstrated() as month:
        database = Database(month.state / "checkmeter.db")
        reports = month.state / REPORTS
        made = make_report(database, month.contract, month.month.name, LANGUAGES, load_builds(), reports)
        database.close()
        write_report(made, reports / month.month.name, overwrite=False)
        app = WebApp(
            metrics=lambda: render_metrics(WORLD, NOW, Cache()),
            status=lambda: (WORLD, NOW),
            rendered=lambda: WORLD,
            further={PATH: ReportRoute(ReportShelf(reports))},
        )
        server = WebServer(app, [("127.0.0.1", 0)], clock=SystemClock())
        server.start()
        yield f"http://{server.addresses[0].authority}{PATH}"
        server.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A window that fails the test when the browser has anything to complain about, such as a refused style."""
    opened = browser.new_page(viewport={"width": 1100, "height": 800})
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    opened.close()
    assert [one for one in complaints if "favicon" not in one] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_from_a_finding_one_comes_to_the_outage_and_from_there_to_the_event(page: Page, url: str, code: str) -> None:
    page.goto(f"{url}2026-10/report-{code}.html")
    assert page.evaluate("getComputedStyle(document.body).maxWidth") != "none", "its own style is let in"
    page.locator(".findings .hidden_outage a").click()
    incident = page.locator("tr:target")
    expect(incident).to_be_in_viewport()
    incident.locator("a").first.click()
    outage = page.locator("tr:target")
    expect(outage).to_be_in_viewport()
    outage.locator('a[href^="#event-"]').first.click()
    event = page.locator("tr:target")
    expect(event).to_be_in_viewport()
    expect(event).to_contain_text(re.compile("Vm(GuestShutdown|PoweredOff|PoweredOn)Event"))


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("width", [1100, 700])
def test_nothing_is_wider_than_the_window(page: Page, url: str, code: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{url}2026-10/report-{code}.html")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("code", LANGUAGES)
def test_it_prints_on_few_pages_of_a4(page: Page, url: str, code: str, tmp_path: Path) -> None:
    page.goto(f"{url}2026-10/report-{code}.html")
    printed = page.pdf(prefer_css_page_size=True)
    (tmp_path / "report.pdf").write_bytes(printed)
    assert 5 < len(re.findall(rb"/Type\s*/Page\b", printed)) <= SHORT_ENOUGH
    assert re.search(rb"/MediaBox \[0 0 59[45][.\d]* 84[12]", printed)


def test_the_list_of_reports_leads_to_them(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_role("link", name="report-da.html").click()
    expect(page).to_have_title(re.compile("oktober 2026"))
