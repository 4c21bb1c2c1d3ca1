"""Traffic shaping of distributed switches and their portgroups."""

from collections.abc import Callable
from typing import TypeVar

from agent.model.network import ShapingPolicy
from exporters.workbook.sheet import Cell, Columns

Row = TypeVar("Row")


def shaping_columns(direction: str, policy: Callable[[Row], ShapingPolicy | None]) -> Columns[Row]:
    """`direction` is In or Out; bit/s and bytes."""

    def column(name: str, value: Callable[[ShapingPolicy], Cell]) -> tuple[str, Callable[[Row], Cell]]:
        def cell(row: Row) -> Cell:
            found = policy(row)
            return value(found) if found is not None else None

        return f"{direction} {name}", cell

    return (
        column("Traffic Shaping", lambda found: found.enabled),
        column("Avg", lambda found: found.average),
        column("Peak", lambda found: found.peak),
        column("Burst", lambda found: found.burst),
    )
