"""The first row of every board: can the figures below be trusted?"""

from dashboards.boards.frame import Row
from dashboards.boards.panels import BAD_FROM_ONE, GREEN, RED, YELLOW, Panel, Query, number
from dashboards.boards.promql import EACH_VCENTER, selected

REACHABLE = {"1": ("reachable", GREEN), "0": ("unreachable", RED)}


def trust() -> Row:
    """Age, reach, gaps and what is stale. Its ids, 100 to 109, belong to it on every board."""
    return Row(
        id=100,
        title="Can these figures be trusted?",
        panels=(data_age(), vcenter_reachable(), collectors_stale(), unmeasured()),
    )


def data_age() -> Panel:
    return number(
        101,
        "Data age",
        "How long ago did each vCenter last answer? Older than two minutes: what you see below may no longer be so.",
        Query(
            expr=f"time() - {EACH_VCENTER} "
            f"({selected('checkmeter_collector_last_success_timestamp_seconds', collector='inventory')})",
            legend="{{vcenter}}",
        ),
        unit="s",
        steps=((GREEN, None), (YELLOW, 120), (RED, 300)),
    )


def vcenter_reachable() -> Panel:
    return number(
        102,
        "vCenter",
        "Does each vCenter answer the meter? While it does not, nothing below is known.",
        Query(expr=f"{EACH_VCENTER} ({selected('checkmeter_vcenter_up')})", legend="{{vcenter}}"),
        words=REACHABLE,
    )


def collectors_stale() -> Panel:
    return number(
        103,
        "Stale collectors",
        "How many collectors have brought nothing new for three of their intervals? Some columns below are then old.",
        Query(
            expr=f"sum(time() - {selected('checkmeter_collector_last_success_timestamp_seconds')}"
            f" > bool 3 * {selected('checkmeter_collector_interval_seconds')})"
        ),
        steps=BAD_FROM_ONE,
    )


def unmeasured() -> Panel:
    return number(
        105,
        "Unknown this month, a VM",
        "For how long in this month (UTC) could nothing tell whether a VM was up? The mean of all VMs, by the ledger.",
        Query(
            expr=f"avg by (vcenter) ({selected('vsphere_vm_ledger_month_unknown_seconds')})",
            legend="{{vcenter}}",
        ),
        unit="s",
        steps=((GREEN, None), (YELLOW, 600), (RED, 3600)),
    )
