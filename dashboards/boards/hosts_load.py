"""The load of hosts: processors, memory, storage, network."""

from collections.abc import Sequence

from dashboards.boards.panels import Panel, Query, lines
from dashboards.boards.promql import EACH_HOST, growth, recorded, selected


def panels(chosen: str) -> Sequence[Panel]:
    """`chosen` is the matcher that selects the hosts."""
    return (
        processors(chosen),
        memory(chosen),
        waiting(chosen),
        swapping(chosen),
        latency(chosen),
        aborted(chosen),
        traffic(chosen),
        dropped(chosen),
        errors(chosen),
    )


def processors(chosen: str) -> Panel:
    return lines(
        301,
        "How busy are their processors?",
        "Share of the physical cores' time in use. Above 80 % machines begin to wait for each other.",
        Query(expr=f"{EACH_HOST} ({selected('vsphere_host_cpu_utilization_ratio', chosen)})", legend="{{host_name}}"),
        unit="percentunit",
        limit=0.8,
    )


def memory(chosen: str) -> Panel:
    return lines(
        302,
        "How full is their memory?",
        "Share of physical memory in use. Above 95 % the host begins to take memory back from its machines.",
        Query(
            expr=f"{EACH_HOST} ({selected('vsphere_host_memory_usage_bytes', chosen)}"
            f" / {selected('vsphere_host_memory_size_bytes', chosen)})",
            legend="{{host_name}}",
        ),
        unit="percentunit",
        limit=0.95,
    )


def waiting(chosen: str) -> Panel:
    return lines(
        303,
        "Do machines wait for processors on them?",
        "Share of time that what ran on the host could not run because of contention.",
        Query(expr=f"{EACH_HOST} ({selected('vsphere_host_cpu_latency_ratio', chosen)})", legend="{{host_name}}"),
        unit="percentunit",
        limit=0.05,
    )


def swapping(chosen: str) -> Panel:
    return lines(
        304,
        "Do they swap?",
        "Memory that hosts read back from swap each second, and memory ballooned away. Both ought to be zero.",
        Query(
            expr=f"{EACH_HOST} ({growth('vsphere_host_memory_swap_in_bytes_total', chosen)})",
            legend="{{host_name}}, swapped in each second",
        ),
        Query(
            expr=f"{EACH_HOST} ({selected('vsphere_host_memory_ballooned_bytes', chosen)})",
            legend="{{host_name}}, ballooned",
        ),
        unit="bytes",
    )


def latency(chosen: str) -> Panel:
    return lines(
        305,
        "Where do disk commands wait?",
        "At the storage (device), or in the host itself (kernel, queue): the vendor's array or the vendor's host.",
        Query(
            expr=f"{EACH_HOST} ({selected('vsphere_host_disk_device_latency_seconds', chosen)})",
            legend="{{host_name}}, storage",
        ),
        Query(
            expr=f"{EACH_HOST} ({selected('vsphere_host_disk_kernel_latency_seconds', chosen)})",
            legend="{{host_name}}, kernel",
        ),
        Query(
            expr=f"{EACH_HOST} ({selected('vsphere_host_disk_queue_latency_seconds', chosen)})",
            legend="{{host_name}}, queue",
        ),
        unit="s",
        limit=0.02,
    )


def aborted(chosen: str) -> Panel:
    return lines(
        306,
        "Did the storage give up?",
        "Disk commands aborted each second, because the storage took too long. Any is too many.",
        Query(
            expr=f"{EACH_HOST} ({growth('vsphere_host_disk_commands_aborted_total', chosen)})", legend="{{host_name}}"
        ),
        unit="cps",
    )


def traffic(chosen: str) -> Panel:
    return lines(
        307,
        "What goes over their network?",
        "Bytes that each host receives and sends each second.",
        Query(
            expr=f"{EACH_HOST} ({growth('vsphere_host_network_receive_bytes_total', chosen)})",
            legend="{{host_name}}, received",
        ),
        Query(
            expr=f"{EACH_HOST} ({growth('vsphere_host_network_transmit_bytes_total', chosen)})",
            legend="{{host_name}}, sent",
        ),
        unit="Bps",
    )


def dropped(chosen: str) -> Panel:
    return lines(
        308,
        "Are packets dropped?",
        "Share of packets that the host dropped. More than one in a thousand is felt.",
        Query(expr=recorded("vsphere:host_network_dropped:ratio_rate5m", chosen), legend="{{host_name}}"),
        unit="percentunit",
        limit=0.001,
    )


def errors(chosen: str) -> Panel:
    return lines(
        309,
        "Are packets broken?",
        "Packets with errors each second: a bad cable, card or switch port. Any that lasts is too many.",
        Query(
            expr=f"{EACH_HOST} ({growth('vsphere_host_network_receive_errors_total', chosen)}"
            f" + {growth('vsphere_host_network_transmit_errors_total', chosen)})",
            legend="{{host_name}}",
        ),
        unit="pps",
    )
