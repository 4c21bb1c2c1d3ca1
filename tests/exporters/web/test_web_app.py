"""What each path answers, asked through a real server."""

import gzip
import http.client
import json
import urllib.request
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from email.message import Message
from typing import NamedTuple

import pytest

from agent.clock import SystemClock
from agent.model.world import World
from exporters.web import WebApp
from exporters.web_server import WebServer
from tests.exporters.status_page.sample_world import NOW, healthy_world, inventory, target, troubled_world, world


class ExpositionThatTells:
    """A metrics page that answers with what it was asked."""

    def body(self, accept: str, accept_encoding: str) -> tuple[Mapping[str, str], bytes]:
        return {"Content-Type": "text/plain; version=0.0.4"}, json.dumps([accept, accept_encoding]).encode()


class Site:
    """A server on a free port of a world that a test may change."""

    def __init__(self) -> None:
        self.world: World = healthy_world()
        self.now: datetime = NOW
        app = WebApp(metrics=ExpositionThatTells, status=lambda: (self.world, self.now), rendered=lambda: self.world)
        self.server = WebServer(app, [("127.0.0.1", 0)], clock=SystemClock())
        self.server.start()

    def ask(self, path: str, method: str = "GET", **headers: str) -> "Answer":
        address = self.server.addresses[0]
        connection = http.client.HTTPConnection(address.host, address.port, timeout=10)
        try:
            connection.request(method, path, headers={name.replace("_", "-"): text for name, text in headers.items()})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()


class Answer(NamedTuple):
    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@pytest.fixture(scope="module")
def served() -> Iterator[Site]:
    site = Site()
    yield site
    site.server.stop()


@pytest.fixture
def site(served: Site) -> Site:
    served.world, served.now = healthy_world(), NOW
    return served


def test_the_root_is_the_status_page_and_takes_its_query(site: Site) -> None:
    answer = site.ask("/?vm=erp-db")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "All fine" in answer.text
    assert "erp-db-01" in answer.text
    assert "mail-01" not in answer.text


def test_metrics_are_negotiated_by_the_exposition_itself(site: Site) -> None:
    answer = site.ask("/metrics", Accept="application/openmetrics-text", Accept_Encoding="br")
    assert json.loads(answer.body) == ["application/openmetrics-text", "br"]
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4"


def test_the_agent_is_alive_while_it_answers(site: Site) -> None:
    site.world = troubled_world()
    assert site.ask("/healthz")[::2] == (200, b"alive\n")


def test_the_agent_is_ready_once_every_target_was_read_or_its_problem_is_known(site: Site) -> None:
    site.world = world(target("vc-a", None), target("vc-b", inventory()), target("vc-c", None))
    answer = site.ask("/readyz")
    assert answer.status == 503
    assert answer.text == "vc-a: not read yet\nvc-c: not read yet\n"
    site.world = troubled_world()  # one read, one silent, one refused
    assert site.ask("/readyz")[::2] == (200, b"ready\n")


def test_an_unknown_path_is_answered_with_one_line(site: Site) -> None:
    answer = site.ask("/../etc/passwd")
    assert answer.status == 404
    assert answer.text == "There is nothing here; / is the status page.\n"
    assert site.ask("/static/../page.py").status == 404
    assert site.ask("/static/").status == 404


@pytest.mark.parametrize("path", ["*", "elsewhere:443", "//", ""])
def test_a_path_that_names_no_page_is_no_error_of_ours(site: Site, path: str) -> None:
    assert site.ask(path, "OPTIONS").status in {400, 404, 405}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_nothing_can_be_done_to_the_agent_but_reading(site: Site, method: str) -> None:
    answer = site.ask("/", method)
    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/", "/metrics", "/healthz", "/readyz", "/static/page.css", "/nothing"])
def test_head_gives_the_headers_of_get_without_a_body(site: Site, path: str) -> None:
    got, headed = site.ask(path), site.ask(path, "HEAD")
    assert headed.body == b""
    assert headed.status == got.status
    assert {name: text for name, text in headed.headers.items() if name != "date"} == {
        name: text for name, text in got.headers.items() if name != "date"
    }
    assert int(headed.headers["Content-Length"]) == len(got.body)


def test_pages_are_compressed_for_whoever_takes_that(site: Site) -> None:
    plain, packed = site.ask("/"), site.ask("/", Accept_Encoding="deflate, gzip;q=0.5")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 3
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in site.ask("/", Accept_Encoding="gzip;q=0").headers


@pytest.mark.parametrize("path", ["/", "/metrics", "/healthz", "/nothing", "/static/page.js"])
def test_every_answer_forbids_the_browser_what_the_page_does_not_need(site: Site, path: str) -> None:
    headers = site.ask(path).headers
    policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Server" not in headers


@pytest.mark.parametrize(
    ("name", "kind"), [("page.css", "text/css"), ("page.js", "text/javascript"), ("favicon.svg", "image/svg+xml")]
)
def test_static_files_are_cached_until_their_content_changes(site: Site, name: str, kind: str) -> None:
    first = site.ask(f"/static/{name}?v=1")
    assert first.headers["Content-Type"].startswith(kind)
    assert first.headers["Cache-Control"] == "public, max-age=86400"
    again = site.ask(f"/static/{name}", If_None_Match=f'"other", W/{first.headers["ETag"]}')
    assert (again.status, again.body) == (304, b"")
    assert site.ask(f"/static/{name}", If_None_Match='"other"').body == first.body


def test_every_file_that_the_page_names_is_there(site: Site) -> None:
    html = site.ask("/").text
    for name in ("page.css", "page.js", "favicon.svg"):
        url = next(part for part in html.split('"') if part.startswith(f"static/{name}?v="))
        assert site.ask(f"/{url}").status == 200


def test_the_page_follows_the_world_and_the_clock(site: Site) -> None:
    assert "All fine" in site.ask("/").text
    site.world = troubled_world()
    assert "not responding" in site.ask("/").text
    site.now = NOW + timedelta(minutes=30)
    assert "for 33 min" in site.ask("/").text
    site.now = NOW
    assert "for 3 min" in site.ask("/").text, "also when the clock was set back"


def test_a_usual_client_library_reads_it_too(site: Site) -> None:
    with urllib.request.urlopen(f"http://{site.server.addresses[0].authority}/", timeout=10) as response:
        assert response.status == 200
        assert b"<title>All fine" in response.read()
