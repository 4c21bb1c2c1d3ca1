"""The load of chosen machines: processors, memory, disks, network, and their neighbours."""

from collections.abc import Sequence

from dashboards.boards.panels import NONE, Panel, Query, lines
from dashboards.boards.promql import EACH_NAMED_VM, growth, recorded, selected


def panels(chosen: str) -> Sequence[Panel]:
    """`chosen` is the matcher that selects the machines."""
    return (
        processors(chosen),
        waiting(chosen),
        memory(chosen),
        neighbours(chosen),
        latency(chosen),
        disk(chosen),
        network(chosen),
        drops(chosen),
    )


def processors(chosen: str) -> Panel:
    return lines(
        301,
        "How much processor does it use, and would it use more?",
        "Used, what it would use if nothing else ran, and the limit that somebody set, if any.",
        Query(expr=f"{EACH_NAMED_VM} ({selected('vsphere_vm_cpu_usage_hertz', chosen)})", legend="{{vm_name}}, used"),
        Query(
            expr=f"{EACH_NAMED_VM} ({selected('vsphere_vm_cpu_demand_hertz', chosen)})", legend="{{vm_name}}, demand"
        ),
        Query(
            expr=f"{EACH_NAMED_VM} ({selected('vsphere_vm_cpu_limit_hertz', chosen)} < +Inf)",
            legend="{{vm_name}}, limit",
        ),
        unit="hertz",
        empty=NONE,
    )


def waiting(chosen: str) -> Panel:
    return lines(
        302,
        "Does it wait for a processor?",
        "Share of its vCPUs' time: ready and waiting, stopped for its other vCPUs (co-stop), held back by a limit.",
        Query(expr=recorded("vsphere:vm_cpu_ready_per_vcpu:ratio_rate5m", chosen), legend="{{vm_name}}, ready"),
        Query(expr=recorded("vsphere:vm_cpu_costop_per_vcpu:ratio_rate5m", chosen), legend="{{vm_name}}, co-stop"),
        Query(expr=recorded("vsphere:vm_cpu_limited_per_vcpu:ratio_rate5m", chosen), legend="{{vm_name}}, limited"),
        unit="percentunit",
        limit=0.05,
    )


def memory(chosen: str) -> Panel:
    return lines(
        303,
        "Does it have its memory?",
        "Touched recently and backed by the host; what was taken back by balloon, swap or compression ought to be zero.",
        Query(
            expr=f"{EACH_NAMED_VM} ({selected('vsphere_vm_memory_active_bytes', chosen)})", legend="{{vm_name}}, active"
        ),
        Query(
            expr=f"{EACH_NAMED_VM} ({selected('vsphere_vm_memory_consumed_bytes', chosen)})",
            legend="{{vm_name}}, backed",
        ),
        Query(
            expr=f"{EACH_NAMED_VM} ({selected('vsphere_vm_memory_ballooned_bytes', chosen)})",
            legend="{{vm_name}}, ballooned",
        ),
        Query(
            expr=f"{EACH_NAMED_VM} ({selected('vsphere_vm_memory_swapped_bytes', chosen)})",
            legend="{{vm_name}}, swapped",
        ),
        Query(
            expr=f"{EACH_NAMED_VM} ({selected('vsphere_vm_memory_compressed_bytes', chosen)})",
            legend="{{vm_name}}, compressed",
        ),
        unit="bytes",
    )


def neighbours(chosen: str) -> Panel:
    same_host = (
        f"(max by (vcenter, host_id) ({selected('vsphere_vm_placement_info', chosen)}))"  # the hosts of the chosen
    )
    placed = f"max by (vcenter, vm_id, vm_name, host_id) ({selected('vsphere_vm_placement_info')})"
    return lines(
        304,
        "Do its neighbours take the processors?",
        "Processor use of the machines on the same host, the ten largest: whoever is large here may be why it waits.",
        Query(
            expr=f"topk(10, {EACH_NAMED_VM} ({selected('vsphere_vm_cpu_usage_hertz')})"
            f" and on (vcenter, vm_id) ({placed} and on (vcenter, host_id) {same_host}))",
            legend="{{vm_name}}",
        ),
        unit="hertz",
    )


def latency(chosen: str) -> Panel:
    return lines(
        305,
        "Does it wait for its disks?",
        "Latency of reads and writes of its slowest virtual disk, and its highest of the last minute.",
        Query(
            expr=f"{EACH_NAMED_VM} ({selected('vsphere_vm_disk_read_latency_seconds', chosen)})",
            legend="{{vm_name}}, read",
        ),
        Query(
            expr=f"{EACH_NAMED_VM} ({selected('vsphere_vm_disk_write_latency_seconds', chosen)})",
            legend="{{vm_name}}, write",
        ),
        Query(
            expr=f"{EACH_NAMED_VM} ({selected('vsphere_vm_disk_latency_peak_seconds', chosen)})",
            legend="{{vm_name}}, peak",
        ),
        unit="s",
        limit=0.05,
        empty=NONE,
    )


def disk(chosen: str) -> Panel:
    return lines(
        306,
        "What does it do with its disks?",
        "Bytes that it reads and writes each second.",
        Query(
            expr=f"{EACH_NAMED_VM} ({growth('vsphere_vm_disk_read_bytes_total', chosen)})", legend="{{vm_name}}, read"
        ),
        Query(
            expr=f"{EACH_NAMED_VM} ({growth('vsphere_vm_disk_written_bytes_total', chosen)})",
            legend="{{vm_name}}, written",
        ),
        unit="Bps",
    )


def network(chosen: str) -> Panel:
    return lines(
        307,
        "What does it do with its network?",
        "Bytes that it receives and sends each second.",
        Query(
            expr=f"{EACH_NAMED_VM} ({growth('vsphere_vm_network_receive_bytes_total', chosen)})",
            legend="{{vm_name}}, received",
        ),
        Query(
            expr=f"{EACH_NAMED_VM} ({growth('vsphere_vm_network_transmit_bytes_total', chosen)})",
            legend="{{vm_name}}, sent",
        ),
        unit="Bps",
    )


def drops(chosen: str) -> Panel:
    return lines(
        308,
        "Are its packets dropped?",
        "Packets each second that its virtual switch dropped on the way in and out.",
        Query(
            expr=f"{EACH_NAMED_VM} ({growth('vsphere_vm_network_receive_dropped_total', chosen)})",
            legend="{{vm_name}}, in",
        ),
        Query(
            expr=f"{EACH_NAMED_VM} ({growth('vsphere_vm_network_transmit_dropped_total', chosen)})",
            legend="{{vm_name}}, out",
        ),
        unit="pps",
    )
