"""Basic authentication, the limit on failed logins, headers of the web configuration."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from agent.config.web import WebConfig
from exporters.web_guard import FAILURE_EVERY_S, FAILURES_AT_ONCE, REMEMBERED_ADDRESSES, Attempts, Logins
from exporters.web_protection import Protection, protection
from tests.exporters.web.protected_site import HASH, PASSWORD, ProtectedSite, basic


class StandingClock:
    """Moves only when it is told to."""

    def __init__(self) -> None:
        self.at = 0.0

    def now(self) -> datetime:
        return datetime(2026, 11, 24, tzinfo=UTC)

    def monotonic(self) -> float:
        return self.at

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        self.at += seconds
        return stop.is_set()


def with_users() -> Protection:
    return protection(WebConfig(basic_auth_users={"prometheus": HASH}))


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def site(clock: StandingClock) -> Iterator[ProtectedSite]:
    site = ProtectedSite(with_users(), clock)
    yield site
    site.server.stop()


def test_the_right_password_opens_every_page(site: ProtectedSite) -> None:
    assert site.ask("/metrics", basic("prometheus", PASSWORD)).status == 200
    assert site.ask("/metrics", basic("prometheus", PASSWORD)).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic("prometheus", "wrong"),
        basic("nobody", PASSWORD),
        basic("prometheus", PASSWORD + "x" * 72),
        basic("prometheus", "a\0b"),
        {"Authorization": "Basic !!!"},
        {"Authorization": "Basic cHJvbWV0aGV1cw=="},
        {"Authorization": "Bearer x"},
        {"Authorization": "Basic"},
    ],
    ids=str,
)
def test_whoever_lacks_the_password_is_asked_for_it_and_told_nothing(
    site: ProtectedSite, headers: dict[str, str]
) -> None:
    answer = site.ask("/", headers)
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic realm=")
    assert answer.headers["Content-Security-Policy"]
    assert int(answer.headers["Content-Length"]) < 100


def test_probes_need_no_password_to_hear_that_the_agent_is_alive(site: ProtectedSite) -> None:
    assert site.ask("/healthz").status == 200
    assert site.ask("/readyz").status == 401


def test_wrong_passwords_are_limited_for_an_address_and_the_limit_ends(
    site: ProtectedSite, clock: StandingClock
) -> None:
    assert site.ask("/", basic("prometheus", PASSWORD)).status == 200
    refused = [site.ask("/", basic("prometheus", f"guess {n}")).status for n in range(FAILURES_AT_ONCE + 2)]
    assert refused == [401] * FAILURES_AT_ONCE + [429] * 2
    assert site.ask("/", basic("prometheus", PASSWORD)).status == 200, "who was in stays in"
    assert site.ask("/", basic("other", PASSWORD)).headers["Retry-After"] == str(int(FAILURE_EVERY_S))
    clock.at += FAILURE_EVERY_S
    assert [site.ask("/", basic("prometheus", "guess")).status for _ in range(2)] == [401, 429]


def test_a_new_password_holds_from_the_next_request_on(site: ProtectedSite) -> None:
    kept = site.connection()
    kept.request("GET", "/", headers=basic("prometheus", PASSWORD))
    assert kept.getresponse().read() == b"hello"
    site.found = protection(WebConfig(basic_auth_users={"grafana": HASH}))
    kept.request("GET", "/", headers=basic("prometheus", PASSWORD))
    assert kept.getresponse().status == 401
    kept.close()


def test_headers_of_the_file_are_sent_in_place_of_our_own(site: ProtectedSite) -> None:
    headers = {"X-Frame-Options": "DENY", "Strict-Transport-Security": "max-age=1"}
    site.found = protection(WebConfig.model_validate({"http_server_config": {"headers": headers}}))
    answer = site.ask()
    assert answer.headers.get_all("X-Frame-Options") == ["DENY"]
    assert answer.headers["Strict-Transport-Security"] == "max-age=1"


def test_a_login_for_an_unknown_user_costs_what_the_dearest_known_one_does() -> None:
    logins = Logins(users={"a": HASH.encode(), "b": HASH.replace("$04$", "$06$").encode()})
    assert logins._nobodys.startswith(b"$2b$06$")
    assert HASH not in repr(logins)


def test_the_addresses_that_are_remembered_are_bounded(clock: StandingClock) -> None:
    attempts = Attempts(clock)
    for number in range(REMEMBERED_ADDRESSES + 10):
        assert attempts.take(str(number))
    assert len(attempts._buckets) == REMEMBERED_ADDRESSES


def test_a_right_password_costs_no_attempt(clock: StandingClock) -> None:
    attempts = Attempts(clock)
    for _ in range(3 * FAILURES_AT_ONCE):
        assert attempts.take("client")
        attempts.give_back("client")


def test_what_protects_does_not_show_its_hashes() -> None:
    assert HASH not in repr(with_users())
