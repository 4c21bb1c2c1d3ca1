"""Who stays connected when there are too many."""

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from exporters import web_connections
from exporters.web_connections import Connections
from exporters.web_protection import Protection
from tests.exporters.web.protected_site import SOON_S, ProtectedSite


@dataclass(eq=False)
class Visitor:
    name: str
    serving: bool = False
    asked: bool = False
    ended: list[str] = field(default_factory=list)

    def drop(self) -> None:
        self.ended.append("dropped")

    def finish(self) -> None:
        self.ended.append("finished")


def test_the_oldest_that_never_asked_makes_room_first() -> None:
    clients = Connections(limit=3)
    first, scraper, silent = Visitor("kept", asked=True), Visitor("scraper", serving=True), Visitor("silent")
    assert all(clients.admit(one) for one in (first, scraper, silent))
    assert clients.admit(Visitor("new", asked=True))
    assert (first.ended, scraper.ended, silent.ended) == ([], [], ["dropped"])
    assert clients.admit(Visitor("newer"))
    assert first.ended == ["dropped"], "then the oldest that is idle"


def test_a_newcomer_is_turned_away_only_when_all_are_being_served() -> None:
    clients = Connections(limit=2)
    served = [Visitor("a", serving=True), Visitor("b", serving=True)]
    assert all(clients.admit(one) for one in served)
    assert not clients.admit(Visitor("c"))
    clients.forget(served[0])
    assert clients.admit(Visitor("d"))
    clients.finish_all()
    assert served[1].ended == ["finished"]


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[ProtectedSite]:
    site = ProtectedSite(Protection())
    yield site
    site.server.stop()


def test_more_idle_clients_than_may_connect_do_not_keep_out_who_asks(site: ProtectedSite) -> None:
    with contextlib.ExitStack() as opened:
        for _ in range(web_connections.MAX_CONNECTIONS + 40):
            opened.enter_context(socket.create_connection(site.server.addresses[0], timeout=SOON_S))
        assert [site.ask("/").status for _ in range(5)] == [200] * 5
