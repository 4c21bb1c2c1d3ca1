"""Do the servers get what they are given? What the vendor's platform makes them wait for.

Asked when users say that it is slow, and before the meeting with the vendor.
"""

from grafana_foundation_sdk.builders.dashboard import Dashboard

from dashboards.boards.frame import Row, dashboard_of
from dashboards.boards.panels import SELECTED_RECORDED, Panel, Query, lines


def board() -> Dashboard:
    return dashboard_of(
        "checkmeter-contention",
        "Checkmeter / Contention",
        "Who waits for processors or network of the platform, and for how long?",
        (
            Row(id=100, title="Processors", panels=(ready(), costop_and_limited())),
            Row(id=200, title="Network", panels=(packets_dropped(),)),
        ),
    )


def ready() -> Panel:
    return lines(
        101,
        "Who waits for a processor?",
        "Share of its vCPUs' time that a VM was ready and had to wait, the ten worst. From 5 % on users notice.",
        Query(
            expr=f"topk(10, vsphere:vm_cpu_ready_per_vcpu:ratio_rate5m{{{SELECTED_RECORDED}}})", legend="{{vm_name}}"
        ),
        unit="percentunit",
    )


def costop_and_limited() -> Panel:
    return lines(
        102,
        "Who is held back?",
        "Share of time that vCPUs stood still for each other (too many vCPUs), or for a CPU limit that somebody set.",
        Query(
            expr=f"topk(5, vsphere:vm_cpu_costop_per_vcpu:ratio_rate5m{{{SELECTED_RECORDED}}})",
            legend="{{vm_name}}, co-stop",
        ),
        Query(
            expr=f"topk(5, vsphere:vm_cpu_limited_per_vcpu:ratio_rate5m{{{SELECTED_RECORDED}}})",
            legend="{{vm_name}}, limited",
        ),
        unit="percentunit",
    )


def packets_dropped() -> Panel:
    return lines(
        201,
        "Does the network drop packets?",
        "Share of each host's packets that it dropped.",
        Query(expr=f"vsphere:host_network_dropped:ratio_rate5m{{{SELECTED_RECORDED}}}", legend="{{host_name}}"),
        unit="percentunit",
    )
