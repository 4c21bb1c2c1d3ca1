"""A VM that vCenter has lost sight of: what it was is not what it is."""

import pytest

from exporters.status_page.table import ABSENT, Level
from exporters.status_page.view import view
from tests.exporters.status_page.sample_world import NOW, by_moid, inventory, machine, target, world


def test_a_lost_vm_is_counted_as_lost_whatever_its_last_power_state() -> None:
    vms = [
        machine(1, "a"),
        machine(2, "b", connection_state="disconnected"),
        machine(3, "c", connection_state="orphaned", power_state="poweredOff"),
        machine(4, "d", power_state="poweredOff"),
    ]
    shown = view(world(target(known=inventory(vms=by_moid(vms)))), NOW)
    tile = next(tile for tile in shown.tiles if tile.label == "VMs on")
    assert (tile.value, tile.of, tile.note, tile.level) == ("1", "of 4", "2 not connected, 1 off", Level.BAD)


@pytest.mark.parametrize(
    ("connection", "text"),
    [("disconnected", "host lost"), ("inaccessible", "files lost"), ("orphaned", "orphaned"), ("newState", "newState")],
)
def test_the_table_says_how_a_vm_was_lost_and_not_that_it_is_on(connection: str, text: str) -> None:
    vms = by_moid([machine(1, "a", connection_state=connection)])
    shown = view(world(target(known=inventory(vms=vms))), NOW)
    table = next(table for table in shown.tables if table.key == "vm")
    (row,) = table.rows
    cells = {head.key: cell for head, cell in zip(table.headings, row.cells, strict=True)}
    assert cells["state"].text == text
    assert cells["state"].level is not Level.OK
    assert cells["uptime"].text == ABSENT.text
