"""Why is this server slow or down?

Opened from a machine's name on any other board, or with some machines chosen to compare them.
"""

from grafana_foundation_sdk.builders.dashboard import Dashboard

from dashboards.boards import vm_load
from dashboards.boards.frame import Row, dashboard_of
from dashboards.boards.panels import BLUE, GRAY, GREEN, NONE, RED, YELLOW, Panel, Query, number, strip
from dashboards.boards.promql import EACH_NAMED_VM, recorded, selected
from dashboards.boards.tables import CLUSTER, DATASTORE, HOST, VCENTER, VM, Column, listing
from dashboards.boards.trust import trust

CHOSEN = 'vm_name=~"$vm"'
PLACE = "* on (vcenter, vm_id) group_left (host_name, cluster_name)"


def board() -> Dashboard:
    return dashboard_of(
        "vm",
        "Virtual machine",
        "Why is this server slow or down?",
        (
            trust(),
            Row(
                id=200,
                title="What is it, and is it up?",
                panels=(state(), down_this_month(), unknown_this_month(), guest(), power(), place(), datastores()),
            ),
            Row(id=300, title="Does it get what it needs?", panels=vm_load.panels(CHOSEN)),
            Row(id=400, title="What hangs on it?", panels=(snapshots(), file_systems())),
        ),
        past="now-24h",
        objects=("vm",),
    )


def state() -> Panel:
    return listing(
        201,
        "How is it, and since when?",
        "State by the ledger, which has vCenter's events behind it: up, down, suspended, guest_silent or unknown.",
        Query(
            expr=f"time() - max by (vcenter, vm_id, vm_name, state)"
            f" ({selected('vsphere_vm_ledger_state_since_timestamp_seconds', CHOSEN)})"
        ),
        columns=(
            VM,
            Column(
                field="state",
                heading="State",
                words={
                    "up": ("up", GREEN),
                    "down": ("down", RED),
                    "suspended": ("suspended", YELLOW),
                    "guest_silent": ("guest silent", YELLOW),
                    "unknown": ("unknown", GRAY),
                },
            ),
            Column(field="Value", heading="For", unit="s"),
            VCENTER,
        ),
        sort_by="For",
        descending=False,
    )


def down_this_month() -> Panel:
    return number(
        202,
        "Down this month",
        "How long was it certainly not up in this calendar month (UTC)? Evidence: `checkmeter ledger vm NAME`.",
        Query(
            expr=f"{EACH_NAMED_VM} ({selected('vsphere_vm_ledger_month_down_seconds', CHOSEN)})", legend="{{vm_name}}"
        ),
        unit="s",
        steps=((GREEN, None), (YELLOW, 60), (RED, 2640)),
        span=4,
    )


def unknown_this_month() -> Panel:
    return number(
        203,
        "Unknown this month",
        "For how long could nothing tell? Neither up nor down may be claimed of that time.",
        Query(
            expr=f"{EACH_NAMED_VM} ({selected('vsphere_vm_ledger_month_unknown_seconds', CHOSEN)})",
            legend="{{vm_name}}",
        ),
        unit="s",
        steps=((GREEN, None), (YELLOW, 600)),
        span=4,
    )


def guest() -> Panel:
    return number(
        204,
        "Guest heartbeat",
        "Does the system inside answer? Gray: no VMware Tools, or they do not run.",
        Query(
            expr=f"max by (vm_name, state) ({selected('vsphere_vm_guest_heartbeat', CHOSEN)}) == 1",
            legend="{{vm_name}}: {{state}}",
        ),
        words={"1": ("now", BLUE)},
        span=4,
    )


def power() -> Panel:
    return strip(
        205,
        "When was it on?",
        "Power state over the time range. A hole: nobody measured.",
        Query(
            expr=f"{EACH_NAMED_VM} ({selected('vsphere_vm_power_state', CHOSEN, state='poweredOn')})",
            legend="{{vm_name}}",
        ),
        words={"1": ("on", GREEN), "0": ("not on", RED)},
    )


def place() -> Panel:
    return listing(
        206,
        "Where does it run, and what does it have?",
        "Host and cluster now, virtual processors, memory, and how long it has been powered on.",
        Query(
            expr=f"{EACH_NAMED_VM} ({selected('vsphere_vm_cpus', CHOSEN)}) {PLACE} {recorded('vsphere:vm_placement:info')}"
        ),
        Query(expr=f"{EACH_NAMED_VM} ({selected('vsphere_vm_memory_size_bytes', CHOSEN)})"),
        Query(expr=f"time() - {EACH_NAMED_VM} ({selected('vsphere_vm_boot_timestamp_seconds', CHOSEN)})"),
        Query(expr=f"{EACH_NAMED_VM} ({selected('vsphere_vm_guest_uptime_seconds', CHOSEN)})"),
        columns=(
            VM,
            HOST,
            CLUSTER,
            Column(field="Value #A", heading="vCPUs"),
            Column(field="Value #B", heading="Memory", unit="bytes"),
            Column(field="Value #C", heading="Powered on for", unit="s"),
            Column(field="Value #D", heading="System up for", unit="s"),
        ),
        sort_by="VM",
        descending=False,
    )


def datastores() -> Panel:
    return listing(
        207,
        "Which datastores does it stand on?",
        "Every datastore that holds files of it, whether hosts reach it, and how much of it is free.",
        Query(
            expr=f"max by (vcenter, vm_name, datastore_id, datastore_name)"
            f" ({selected('vsphere_vm_datastore_info', CHOSEN)})"
            f" * on (vcenter, datastore_id) group_left {recorded('vsphere:datastore_free:ratio')}"
        ),
        columns=(VM, DATASTORE, Column(field="Value", heading="Free", unit="percentunit"), VCENTER),
        sort_by="Free",
        descending=False,
    )


def snapshots() -> Panel:
    return listing(
        401,
        "Are snapshots left on it?",
        "Age of the oldest snapshot and the space that all of them take. Old ones slow the machine and fill the datastore.",
        Query(expr=f"time() - {EACH_NAMED_VM} ({selected('vsphere_vm_snapshot_oldest_timestamp_seconds', CHOSEN)})"),
        Query(expr=f"{EACH_NAMED_VM} ({selected('vsphere_vm_snapshot_size_bytes', CHOSEN)} > 0)"),
        Query(expr=f"{EACH_NAMED_VM} ({selected('vsphere_vm_snapshots', CHOSEN)} > 0)"),
        columns=(
            VM,
            Column(field="Value #A", heading="Oldest", unit="s", steps=((GREEN, None), (RED, 259200))),
            Column(field="Value #B", heading="Space", unit="bytes"),
            Column(field="Value #C", heading="Snapshots"),
        ),
        sort_by="Oldest",
        empty=NONE,
    )


def file_systems() -> Panel:
    per = "max by (vcenter, vm_name, path)"
    free, size = (
        selected("vsphere_vm_guest_disk_free_bytes", CHOSEN),
        selected("vsphere_vm_guest_disk_capacity_bytes", CHOSEN),
    )
    return listing(
        402,
        "Are its file systems full?",
        "As VMware Tools in the guest report them: free share, free space, size.",
        Query(expr=f"{per} ({free} / {size})"),
        Query(expr=f"{per} ({free})"),
        Query(expr=f"{per} ({size})"),
        columns=(
            VM,
            Column(field="path", heading="File system"),
            Column(
                field="Value #A",
                heading="Free",
                unit="percentunit",
                steps=((RED, None), (YELLOW, 0.05), (GREEN, 0.15)),
            ),
            Column(field="Value #B", heading="Free space", unit="bytes"),
            Column(field="Value #C", heading="Size", unit="bytes"),
        ),
        sort_by="Free",
        descending=False,
    )
