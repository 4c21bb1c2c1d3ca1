"""What the page says of a vCenter that answers and shows nothing."""

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
