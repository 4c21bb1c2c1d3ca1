"""The lists of targets, asked through a real server."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from agent.clock import SystemClock
from agent.model.world import Target, World
from exporters.discovery_lists import discovery_handlers
from exporters.service_discovery.settings import DiscoverySettings
from exporters.web import WebApp
from exporters.web_server import WebServer
from tests.exporters.service_discovery.test_lists import WORLD
from tests.exporters.web.test_web_app import ExpositionThatTells, Site


@pytest.fixture
def served() -> Iterator[Site]:
    site = Site()
    site.server.stop()
    site.world = WORLD

    def status() -> tuple[World, datetime]:
        return site.world, site.now

    further = discovery_handlers(status, DiscoverySettings())
    app = WebApp(metrics=ExpositionThatTells, status=status, rendered=lambda: site.world, further=further)
    site.server = WebServer(app, [("127.0.0.1", 0)], clock=SystemClock())
    site.server.start()
    yield site
    site.server.stop()


def test_a_list_is_json_as_prometheus_wants_it(served: Site) -> None:
    answer = served.ask("/sd/blackbox_icmp?folder=Skole")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert json.loads(answer.body)[0]["targets"] == ["10.1.2.4"]


def test_what_is_asked_wrongly_is_said_and_gives_no_empty_list(served: Site) -> None:
    answer = served.ask("/sd/node_exporter?foo=1")
    assert (answer.status, answer.text.partition(";")[0]) == (400, "no parameter 'foo'")
    assert served.ask("/sd/nothing").status == 404


def test_before_a_vcenter_was_read_prometheus_keeps_what_it_has(served: Site) -> None:
    served.world = replace(WORLD, targets={"vc9": Target(name="vc9", address="vc9.kommune.example")})
    answer = served.ask("/sd/blackbox_icmp")
    assert (answer.status, answer.text) == (503, "vc9 was not read since the agent started\n")
