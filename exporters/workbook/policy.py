"""Security, shaping, teaming and offload, as the tabs of switches and portgroups print them."""

from collections.abc import Callable
from typing import TypeVar

from agent.model.host_network import NetworkPolicy
from exporters.workbook.sheet import Cell, Columns

Row = TypeVar("Row")


def policy_columns(policy: Callable[[Row], NetworkPolicy | None]) -> Columns[Row]:
    """Shaping in bit/s and bytes."""

    def column(name: str, value: Callable[[NetworkPolicy], Cell]) -> tuple[str, Callable[[Row], Cell]]:
        def cell(row: Row) -> Cell:
            found = policy(row)
            return value(found) if found is not None else None

        return name, cell

    return (
        column("Promiscuous Mode", lambda found: found.promiscuous),
        column("Mac Changes", lambda found: found.mac_changes),
        column("Forged Transmits", lambda found: found.forged_transmits),
        column("Traffic Shaping", lambda found: found.shaping),
        column("Width", lambda found: found.shaping_average),
        column("Peak", lambda found: found.shaping_peak),
        column("Burst", lambda found: found.shaping_burst),
        column("Policy", lambda found: found.teaming),
        column("Reverse Policy", lambda found: found.reverse_policy),
        column("Notify Switch", lambda found: found.notify_switches),
        column("Rolling Order", lambda found: found.rolling_order),
        column("Offload", lambda found: found.checksum_offload),
        column("TSO", lambda found: found.tcp_segmentation),
        column("Zero Copy Xmit", lambda found: found.zero_copy_transmit),
    )
