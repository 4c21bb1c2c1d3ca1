"""The page in a real browser: sorting, filtering, refreshing, and nothing that a hostile name could do."""

import re
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from agent.clock import SystemClock
from agent.model.world import World
from exporters.asgi import Receive, Scope, Send
from exporters.prometheus.page import Cache
from exporters.prometheus.page import render as render_metrics
from exporters.web import WebApp
from exporters.web_server import WebServer
from tests.exporters.status_page.sample_world import NOW, healthy_world, large_world, troubled_world

pytestmark = pytest.mark.needs("chromium")

PATIENCE_MS = 15_000
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


class Site:
    """The agent's web server, whose world a test may change and which a test may break."""

    def __init__(self) -> None:
        self.world: World = troubled_world()
        self.now: datetime = NOW
        self.broken = False
        self._app = WebApp(
            metrics=lambda: render_metrics(self.world, self.now, Cache()),
            status=lambda: (self.world, self.now),
            rendered=lambda: self.world,
        )
        self.server = WebServer(self._answer, [("127.0.0.1", 0)], clock=SystemClock())
        self.server.start()
        self.url = f"http://{self.server.addresses[0].authority}/"

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.broken:
            await send({"type": "http.response.start", "status": 502, "headers": []})
            await send({"type": "http.response.body", "body": b"a proxy found nobody"})
            return
        await self._app(scope, receive, send)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture
def site() -> Iterator[Site]:
    served = Site()
    yield served
    served.server.stop()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console said; a test that provokes something takes it out."""
    return []


@pytest.fixture
def page(browser: Browser, site: Site, complaints: list[str]) -> Iterator[Page]:
    """A desktop window that fails the test when the browser has anything to complain about."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    window = context.new_page()
    window.set_default_timeout(PATIENCE_MS)
    window.on("console", lambda message: complaints.append(message.text))
    window.on("pageerror", lambda error: complaints.append(str(error)))
    window.clock.install(time=NOW)
    window.goto(site.url)
    yield window
    context.close()
    assert complaints == []


def names(page: Page, table: str = "vm") -> list[str]:
    return page.locator(f"#{table}-rows tbody td:first-child").all_inner_texts()


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def luminance(page: Page, selector: str, colour: str) -> float:
    """Relative luminance as the Web Content Accessibility Guidelines define it, 0 to 1."""
    channels = page.eval_on_selector(
        selector, f"element => getComputedStyle(element).{colour}.match(/[0-9.]+/g).slice(0, 3).map(Number)"
    )
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (c / 255 for c in channels)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(page: Page, text: str, ground: str) -> float:
    light, dark = sorted((luminance(page, text, "color"), luminance(page, ground, "backgroundColor")), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_a_click_on_a_heading_sorts_and_a_second_one_turns_it_round(page: Page, site: Site) -> None:
    site.world = large_world(30)
    page.reload()
    heading = page.locator("#vm-by-uptime")
    heading.click()
    expect(page.locator("#vm th", has=heading)).to_have_attribute("aria-sort", "descending")
    assert names(page)[:2] == ["vm-0030", "vm-0029"]
    heading.press("Enter")
    expect(page.locator("#vm th", has=heading)).to_have_attribute("aria-sort", "ascending")
    assert names(page)[:2] == ["vm-0001", "vm-0002"]
    expect(heading).to_be_focused()
    assert page.url.endswith("?vm_sort=uptime"), "the order is kept in the address"


def test_typing_filters_all_vms_also_those_that_were_not_sent(page: Page, site: Site) -> None:
    site.world = large_world(5000)
    page.reload()
    expect(page.locator("#vm-count")).to_contain_text("4,800 not shown")
    box = page.get_by_label("Filter Virtual machines")
    box.press_sequentially("vm-4711")
    page.clock.run_for(1000)
    expect(page.locator("#vm-count")).to_contain_text("1 of 5,000 match")
    assert names(page) == ["vm-4711"]
    expect(box).to_be_focused()
    page.get_by_role("link", name="show all").click()
    expect(page.locator("#vm-count")).to_contain_text("4,800 not shown")


def test_the_page_refreshes_itself_and_keeps_filter_order_and_scroll(page: Page, site: Site) -> None:
    page.get_by_label("Filter Virtual machines").fill("erp-")
    page.clock.run_for(1000)
    page.locator("#vm-by-name").click()
    expect(page.locator("#vm th").first).to_have_attribute("aria-sort", "descending")
    page.eval_on_selector("#vm .scroll", "element => element.scrollLeft = 120")
    site.world = healthy_world()
    page.clock.run_for(11_000)
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^All fine"))
    expect(page).to_have_title(re.compile("^All fine"))
    assert names(page) == ["erp-db-01", "erp-app-02", "erp-app-01"]
    assert page.eval_on_selector("#vm .scroll", "element => element.scrollLeft") == 120
    expect(page.get_by_label("Filter Virtual machines")).to_have_value("erp-")


def test_an_agent_that_does_not_answer_is_told_until_it_answers_again(
    page: Page, site: Site, complaints: list[str]
) -> None:
    site.now = NOW + timedelta(seconds=30)
    page.clock.run_for(10_500)
    expect(page.locator("#generated")).to_have_attribute("datetime", "2026-11-24T07:52:15Z")
    site.broken = True
    page.clock.run_for(10_500)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(re.compile(r"Agent not answering since 2026-11-24 07:5\d:\d\dZ"))
    expect(page).to_have_title(re.compile("^Agent not answering"))
    expect(page.locator("#vm-rows")).to_contain_text("erp-app-01")
    site.broken, site.now = False, NOW + timedelta(minutes=1)
    page.clock.run_for(10_500)
    expect(alert).to_be_hidden()
    expect(page.locator("#generated")).to_have_attribute("datetime", "2026-11-24T07:52:45Z")
    assert all("502" in complaint for complaint in complaints)
    complaints.clear()


def test_a_hostile_name_is_shown_and_not_run(page: Page, complaints: list[str]) -> None:
    assert "<script>document.title='hacked'</script>" in names(page)
    expect(page).to_have_title(re.compile("^No answer from vc-b"))
    assert complaints == []
    blocked = page.evaluate(
        """() => new Promise(resolve => {
            document.addEventListener("securitypolicyviolation", event => resolve(event.effectiveDirective));
            document.body.insertAdjacentHTML("beforeend", "<img src=data:, onerror='document.title = 1'>");
            setTimeout(resolve, 5000, "nothing was blocked");
        })"""
    )
    assert blocked in {"script-src-attr", "script-src"}, "a name that got through would still not run"
    assert "Content Security Policy" in complaints.pop()


@pytest.mark.parametrize("width", [390, 320, 1280])
def test_no_window_is_too_narrow_for_the_page(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    assert overflow(page) == 0
    assert page.eval_on_selector("#vm .scroll", "element => element.scrollWidth > element.clientWidth"), (
        "the wide table scrolls within itself"
    )
    page.locator("#vm-by-uptime").scroll_into_view_if_needed()
    page.locator("#vm-by-uptime").click()
    expect(page.locator("#vm th", has=page.locator("#vm-by-uptime"))).to_have_attribute("aria-sort", "descending")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground_in_both_colour_schemes(page: Page, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    assert (luminance(page, "body", "backgroundColor") < 0.1) == (scheme == "dark")
    grounds = {
        ".verdict h1": ".verdict",
        ".freshness": "body",
        ".tile-label": ".tile a",
        ".tile-note": ".tile a",
        ".connection.bad .state": ".connection.bad .state",
        ".connection.ok .state": ".connection.ok .state",
        ".connection.bad .problem": ".connection.bad .problem",
        ".connection dt": ".connection",
        "th a": "th",
        "tr.stale td": ".panel",
        "td .note": ".panel",
        "td a": ".panel",
        "footer p": "body",
        "footer a": "body",
    }
    found = {text: round(contrast(page, text, ground), 2) for text, ground in grounds.items()}
    assert {text: ratio for text, ratio in found.items() if ratio < 4.5} == {}


def test_sorting_and_filtering_work_without_javascript(browser: Browser, site: Site) -> None:
    site.world = large_world(300)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.url)
    page.get_by_role("link", name="Uptime").click()
    first = page.locator("#vm-rows tbody td").first
    expect(first).to_have_text("vm-0300")
    page.get_by_label("Filter Virtual machines").fill("vm-001")
    page.locator("#vm").get_by_role("button", name="Filter").click()
    expect(first).to_have_text("vm-0019")  # the order survived the filter
    assert len(names(page)) == 10
    context.close()
