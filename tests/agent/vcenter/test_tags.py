"""Tags over REST against the simulated vCenter, over the wire."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyVmomi import vim

from agent.clock import SystemClock
from agent.errors import LoginRefused, NotPermitted, Refused, Undecodable, Unreachable
from agent.model.tag_pair import TagPair
from agent.simulator.vcenter import SimulatedVCenter
from agent.vcenter.endpoint import Endpoint
from agent.vcenter.rest_session import API, READ_ONLY_REQUESTS, RestSession
from agent.vcenter.tags import TagsRead, read_tags
from agent.vcenter.transport import Transport
from tests.agent.cli.invocation import PASSWORD
from tests.agent.collectors.running import new_estate

LOGIN, LOGOUT = "REST POST session", "REST DELETE session"


@pytest.fixture(scope="module")
def shared() -> Iterator[SimulatedVCenter]:
    with SimulatedVCenter(new_estate(), users={"checkmeter": PASSWORD}) as vcenter:
        yield vcenter


@pytest.fixture
def vcenter(shared: SimulatedVCenter) -> Iterator[SimulatedVCenter]:
    yield shared
    shared.faults.clear()
    shared.rest.prefixes = ("/api", "/rest")
    shared.estate.tagging.hidden.clear()
    shared.calls.clear()
    assert shared.rest.tokens == set(), "every session is closed"


def transport_to(vcenter: SimulatedVCenter, folder: Path, **more: object) -> Transport:
    (folder / "ca.pem").write_bytes(vcenter.ca_pem)
    endpoint = Endpoint(
        name="dc1", host="127.0.0.1", port=vcenter.port, username="checkmeter", ca_file=folder / "ca.pem", **more
    )
    return Transport(endpoint, SystemClock())


def read(vcenter: SimulatedVCenter, folder: Path, *categories: str, password: str = PASSWORD) -> TagsRead:
    return read_tags(transport_to(vcenter, folder), "checkmeter", password, categories)


def hanging_on(vcenter: SimulatedVCenter, moid: str, *categories: str) -> tuple[TagPair, ...]:
    tagging = vcenter.estate.tagging
    pairs = (
        TagPair(category=tagging.categories[tag["category_id"]]["name"], tag=tag["name"])
        for identity, tag in tagging.tags.items()
        if moid in {one["id"] for one in tagging.attached[identity]}
    )
    return tuple(sorted((p for p in pairs if p.category in categories), key=lambda pair: (pair.category, pair.tag)))


def test_the_tags_of_the_wanted_categories_are_read_with_what_they_hang_on(vcenter, tmp_path):
    found = read(vcenter, tmp_path, "Tier", "Backup")
    for moid in vcenter.estate.ids(vim.VirtualMachine):
        assert found.tags[moid] == hanging_on(vcenter, moid, "Tier", "Backup")
    assert {pair.category for pairs in found.tags.values() for pair in pairs} == {"Tier", "Backup"}
    assert (found.missing, found.unreadable) == ((), 0)


def test_what_was_not_asked_for_is_not_even_read(vcenter, tmp_path):
    read(vcenter, tmp_path, "Site")
    assert vcenter.calls["REST POST list-tags-for-category"] == 1
    assert vcenter.calls["REST POST list-attached-objects-on-tags"] == 1
    assert vcenter.calls["REST GET cis/tagging/tag"] == 2


def test_an_older_vcenter_is_read_by_the_older_api(vcenter, tmp_path):
    new = read(vcenter, tmp_path, "Tier")
    vcenter.rest.prefixes = ("/rest",)
    assert read(vcenter, tmp_path, "Tier") == new


def test_a_server_without_the_rest_api_is_said(vcenter, tmp_path):
    vcenter.rest.prefixes = ()
    with pytest.raises(Refused, match="dc1: has no REST API for tags; take `tags` out of `labels`"):
        read(vcenter, tmp_path, "Tier")


def test_a_wrong_password_is_sent_once(vcenter, tmp_path):
    with pytest.raises(LoginRefused, match="the REST API refused the login of checkmeter"):
        read(vcenter, tmp_path, "Tier", password="wrong")
    assert vcenter.calls[LOGIN] == 1
    assert vcenter.calls["REST POST cis/session"] == 0


def test_the_session_is_closed_whatever_happens(vcenter, tmp_path):
    vcenter.faults.answer_status(500, "REST POST list-tags-for-category")
    with pytest.raises(Unreachable, match="HTTP 500"):
        read(vcenter, tmp_path, "Tier")
    assert vcenter.calls[LOGOUT] == 1


def test_a_category_that_is_not_there_is_told(vcenter, tmp_path):
    assert read(vcenter, tmp_path, "Tier", "Teir").missing == ("Teir",)


def test_what_may_not_be_read_costs_only_itself(vcenter, tmp_path):
    tagging = vcenter.estate.tagging
    names = {tag["name"]: identity for identity, tag in tagging.tags.items()}
    tagging.hidden.add(names["gold"])
    found = read(vcenter, tmp_path, "Tier")
    assert found.unreadable == 1
    assert {pair.tag for pairs in found.tags.values() for pair in pairs} == {"silver", "bronze"}
    tagging.hidden.add(next(iter(tagging.categories)))
    assert read(vcenter, tmp_path, "Tier").missing == ("Tier",)


def test_a_tag_that_is_hidden_after_it_was_named_does_not_cost_the_others(vcenter, tmp_path):
    vcenter.faults.answer_status(403, "REST POST list-attached-objects-on-tags")
    found = read(vcenter, tmp_path, "Tier")
    assert {pair.tag for pairs in found.tags.values() for pair in pairs} == {"gold", "silver", "bronze"}
    assert vcenter.calls["REST POST list-attached-objects-on-tags"] == 3, "one by one"


def test_an_account_that_may_not_read_any_is_told_which_right_it_lacks(vcenter, tmp_path):
    vcenter.faults.answer_status(403, "REST GET cis/tagging/category")
    with pytest.raises(NotPermitted, match="as a global permission"):
        read(vcenter, tmp_path, "Tier")


def test_an_answer_that_is_no_json_is_not_understood(vcenter, tmp_path):
    vcenter.faults.answer_garbage("REST GET cis/tagging/category")
    with pytest.raises(Undecodable, match="the answer is no JSON"):
        read(vcenter, tmp_path, "Tier")


def test_an_answer_that_never_ends_is_given_up_in_time(vcenter, tmp_path):
    vcenter.faults.hang("REST GET cis/tagging/category")
    with pytest.raises(Unreachable, match=r"no complete answer from .* within 0\.5 s"):
        read_tags(transport_to(vcenter, tmp_path, timeout_s=0.5), "checkmeter", PASSWORD, ("Tier",))


def test_the_traffic_is_counted_by_what_was_asked(vcenter, tmp_path):
    transport = transport_to(vcenter, tmp_path)
    read_tags(transport, "checkmeter", PASSWORD, ("Tier",))
    calls = transport.traffic.statistics.calls
    assert calls["REST login"] == calls["REST logout"] == 1
    assert calls["REST tagging/tag list-tags-for-category"] == 1
    assert transport.traffic.statistics.logins == 0, "that counts SOAP's"


def test_nothing_is_ever_sent_that_could_change_a_tag(vcenter, tmp_path):
    session = RestSession(transport_to(vcenter, tmp_path), API, "no token")
    with pytest.raises(TypeError, match="attach is not in READ_ONLY_REQUESTS"):
        session.call("cis/tagging/tag-association", "attach", {})
    with pytest.raises(TypeError, match="not in READ_ONLY_REQUESTS"):
        session.get("vcenter/vm", "vm-1")
    assert {method for method, _ in READ_ONLY_REQUESTS} == {"GET", "POST"}
    assert all("?list-" in what for method, what in READ_ONLY_REQUESTS if method == "POST")
