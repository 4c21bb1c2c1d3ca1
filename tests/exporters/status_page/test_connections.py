"""What the page says of a vCenter that shows nothing, or has just stopped to answer."""

from datetime import timedelta

import pytest

from agent.model.world import Problem
from exporters.status_page.table import Level
from exporters.status_page.view import view
from tests.exporters.status_page.sample_world import NOW, by_moid, host, inventory, target, world


def test_an_account_that_sees_nothing_is_not_called_fine() -> None:
    shown = view(world(target(known=inventory(hosts={}, vms={}))), NOW)
    (connection,) = shown.connections
    assert (shown.verdict.level, connection.level) == (Level.WARNING, Level.WARNING)
    assert shown.verdict.text == "Nothing of vc-a is visible to the account"
    assert connection.problem == "no host and no virtual machine is visible to the account"
    assert "Read-only on the top folder" in connection.cure


def test_a_host_without_vms_is_something_to_see() -> None:
    shown = view(world(target(known=inventory(hosts=by_moid([host(1)]), vms={}))), NOW)
    assert (shown.verdict.level, shown.connections[0].problem) == (Level.OK, "")


@pytest.mark.parametrize(
    ("age_s", "text"),
    [(0.4, "No reading of vc-a"), (1, "No reading of vc-a for 1 s"), (70, "No reading of vc-a for 1 min")],
)
def test_what_has_just_gone_wrong_is_said_at_once_and_how_long_from_the_first_second(age_s: float, text: str) -> None:
    problem = Problem(kind="unreachable", problem="p", cure="c", since=NOW - timedelta(seconds=age_s))
    shown = view(world(target(known=inventory(hosts=by_moid([host(1)]), vms={}), up=False, problem=problem)), NOW)
    assert (shown.verdict.level, shown.verdict.text) == (Level.BAD, text)
