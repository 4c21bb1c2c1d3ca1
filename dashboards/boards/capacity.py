"""Can the clusters lose a host, and when is it full?

Asked once a week by whoever pays for the platform, and before anything larger is ordered.
"""

from grafana_foundation_sdk.builders.dashboard import Dashboard

from dashboards.boards import capacity_storage
from dashboards.boards.frame import Row, dashboard_of
from dashboards.boards.panels import GREEN, NONE, RED, YELLOW, Panel, Query, bars, lines, number
from dashboards.boards.promql import EACH_CLUSTER, EACH_NAMED_VM, recorded, selected
from dashboards.boards.tables import CLUSTER, VCENTER, VM, Column, listing
from dashboards.boards.trust import trust

CHOSEN = 'cluster_name=~"$cluster"'
LOSS = (GREEN, None), (YELLOW, 0.8), (RED, 1)


def board() -> Dashboard:
    return dashboard_of(
        "capacity",
        "Capacity",
        "Can the clusters lose a host, and when is it full?",
        (
            trust(),
            Row(
                id=200,
                title="Can a cluster lose a host?",
                panels=(memory_after_loss(), cpu_after_loss(), tolerated(), clusters(), loss_over_time()),
            ),
            Row(
                id=300,
                title="How much was promised?",
                panels=(vcpus_per_core(), memory_promised(), promised_over_time()),
            ),
            Row(id=400, title="When is the storage full?", panels=capacity_storage.panels()),
            Row(id=500, title="Who could do with less?", panels=(idle_processors(), idle_memory())),
        ),
        past="now-30d",
        refresh="5m",
        objects=("cluster",),
    )


def memory_after_loss() -> Panel:
    return number(
        201,
        "Memory after the loss of a host",
        "What the machines ask for, against what would be left if the largest host failed. Above 100 % they do not fit.",
        Query(expr=recorded("vsphere:cluster_memory_after_host_loss:ratio", CHOSEN), legend="{{cluster_name}}"),
        unit="percentunit",
        steps=LOSS,
        span=8,
    )


def cpu_after_loss() -> Panel:
    return number(
        202,
        "Processors after the loss of a host",
        "The same for processors. Above 100 % everything runs, but slower.",
        Query(expr=recorded("vsphere:cluster_cpu_after_host_loss:ratio", CHOSEN), legend="{{cluster_name}}"),
        unit="percentunit",
        steps=LOSS,
        span=8,
    )


def tolerated() -> Panel:
    return number(
        203,
        "Host failures tolerated, as HA counts",
        "How many host failures does vSphere HA itself think it can make up for? It counts reservations, not use.",
        Query(
            expr=f"{EACH_CLUSTER} ({selected('vsphere_cluster_ha_failover_level', CHOSEN)})",
            legend="{{cluster_name}}",
        ),
        steps=((RED, None), (GREEN, 1)),
        span=8,
    )


def clusters() -> Panel:
    return listing(
        204,
        "What does each cluster have?",
        "Hosts, hosts that serve now, physical cores and memory; whether HA and its admission control are on.",
        Query(expr=f"{EACH_CLUSTER} ({selected('vsphere_cluster_hosts', CHOSEN)})"),
        Query(expr=f"{EACH_CLUSTER} ({selected('vsphere_cluster_effective_hosts', CHOSEN)})"),
        Query(expr=f"{EACH_CLUSTER} ({selected('vsphere_cluster_cpu_cores', CHOSEN)})"),
        Query(expr=f"{EACH_CLUSTER} ({selected('vsphere_cluster_memory_capacity_bytes', CHOSEN)})"),
        Query(expr=f"{EACH_CLUSTER} ({selected('vsphere_cluster_ha_enabled', CHOSEN)})"),
        Query(expr=f"{EACH_CLUSTER} ({selected('vsphere_cluster_ha_admission_control_enabled', CHOSEN)})"),
        columns=(
            CLUSTER,
            Column(field="Value #A", heading="Hosts"),
            Column(field="Value #B", heading="Serving"),
            Column(field="Value #C", heading="Cores"),
            Column(field="Value #D", heading="Memory", unit="bytes"),
            Column(field="Value #E", heading="HA", words={"1": ("on", GREEN), "0": ("off", RED)}),
            Column(field="Value #F", heading="Admission control", words={"1": ("on", GREEN), "0": ("off", YELLOW)}),
            VCENTER,
        ),
        sort_by="Cluster",
        descending=False,
    )


def loss_over_time() -> Panel:
    return lines(
        205,
        "When could they not have lost a host?",
        "The two shares above over time. Above the line, the failure of one host would have been an outage for some.",
        Query(expr=recorded("vsphere:cluster_memory_after_host_loss:ratio", CHOSEN), legend="{{cluster_name}}, memory"),
        Query(
            expr=recorded("vsphere:cluster_cpu_after_host_loss:ratio", CHOSEN), legend="{{cluster_name}}, processors"
        ),
        unit="percentunit",
        limit=1,
    )


def vcpus_per_core() -> Panel:
    return bars(
        301,
        "vCPUs for each core",
        "Virtual processors of machines that are on, for each physical core. Compare with what the contract allows.",
        Query(expr=recorded("vsphere:cluster_vcpus_per_core:ratio", CHOSEN), legend="{{cluster_name}}"),
        steps=((GREEN, None), (YELLOW, 4), (RED, 6)),
        span=6,
    )


def memory_promised() -> Panel:
    return bars(
        302,
        "Memory promised",
        "Memory of machines that are on, against the memory there is. Above 100 % the host takes some back when all ask.",
        Query(expr=recorded("vsphere:cluster_memory_promised:ratio", CHOSEN), legend="{{cluster_name}}"),
        unit="percentunit",
        steps=((GREEN, None), (YELLOW, 0.9), (RED, 1)),
        span=6,
    )


def promised_over_time() -> Panel:
    return lines(
        303,
        "Is more sold than there is?",
        "vCPUs for each core over time: growth without new hosts shows here first.",
        Query(expr=recorded("vsphere:cluster_vcpus_per_core:ratio", CHOSEN), legend="{{cluster_name}}"),
    )


def idle_processors() -> Panel:
    return listing(
        501,
        "Who has processors that it never uses?",
        "Machines with four vCPUs or more that used less than a tenth of them at their busiest within the time range.",
        Query(
            expr=f"(max_over_time({recorded('vsphere:vm_cpu_used:ratio')}[$__range]) < 0.1) and on (vcenter, vm_id)"
            f" ({EACH_NAMED_VM} ({selected('vsphere_vm_cpus')}) >= 4)"
        ),
        columns=(VM, Column(field="Value", heading="Busiest", unit="percentunit"), VCENTER),
        sort_by="Busiest",
        descending=False,
        empty=NONE,
    )


def idle_memory() -> Panel:
    active, size = selected("vsphere_vm_memory_active_bytes"), selected("vsphere_vm_memory_size_bytes")
    return listing(
        502,
        "Who has memory that it does not touch?",
        "Machines with 8 GiB or more that touch less than a fifth now. A cache may still be worth it: ask its owner.",
        Query(expr=f"({EACH_NAMED_VM} ({active} / {size}) < 0.2) and on (vcenter, vm_id) {size} >= 8589934592"),
        Query(expr=f"{EACH_NAMED_VM} ({size})"),
        columns=(
            VM,
            Column(field="Value #A", heading="Touched", unit="percentunit"),
            Column(field="Value #B", heading="Memory", unit="bytes"),
            VCENTER,
        ),
        sort_by="Touched",
        descending=False,
        empty=NONE,
    )
