"""Which host is sick?

Asked by whoever is on call when machines of one host are in trouble, and before the meeting with the vendor.
"""

from grafana_foundation_sdk.builders.dashboard import Dashboard

from dashboards.boards import hosts_load
from dashboards.boards.frame import Row, dashboard_of
from dashboards.boards.panels import GREEN, NONE, RED, YELLOW, Panel, Query, lines, strip
from dashboards.boards.promql import EACH_HOST, recorded, selected
from dashboards.boards.tables import CLUSTER, HOST, VCENTER, Column, listing
from dashboards.boards.trust import trust

CHOSEN = 'host_name=~"$host"'
UNSOUND = 'state!~"green"'


def board() -> Dashboard:
    return dashboard_of(
        "hosts",
        "Hosts",
        "Which host is sick?",
        (
            trust(),
            Row(id=200, title="Are they well?", panels=(overview(), connected(), maintenance(), builds())),
            Row(
                id=300,
                title="What do they carry?",
                panels=hosts_load.panels(CHOSEN),
            ),
            Row(id=400, title="Does the hardware hold?", panels=(sensors(), paths(), links(), power())),
        ),
        past="now-24h",
        objects=("host",),
    )


def overview() -> Panel:
    share = (GREEN, None), (YELLOW, 0.8), (RED, 0.9)
    cpu = f"{selected('vsphere_host_cpu_usage_hertz', CHOSEN)} / {selected('vsphere_host_cpu_capacity_hertz', CHOSEN)}"
    memory_used = (
        f"{selected('vsphere_host_memory_usage_bytes', CHOSEN)} / {selected('vsphere_host_memory_size_bytes', CHOSEN)}"
    )
    connected_now = selected("vsphere_host_connection_state", CHOSEN, state="connected")
    return listing(
        201,
        "How is each host?",
        "Connection to vCenter, load, machines, and how long it has been up. Load is left out while it does not answer.",
        Query(
            expr=f"{EACH_HOST} ({connected_now}) * on (vcenter, host_id) group_left (cluster_name)"
            f" {recorded('vsphere:host_placement:info')}"
        ),
        Query(expr=f"{EACH_HOST} ({cpu})"),
        Query(expr=f"{EACH_HOST} ({memory_used})"),
        Query(expr=f"{EACH_HOST} ({selected('vsphere_host_vms', CHOSEN)})"),
        Query(expr=f"time() - {EACH_HOST} ({selected('vsphere_host_boot_timestamp_seconds', CHOSEN)})"),
        columns=(
            HOST,
            Column(field="Value #A", heading="vCenter", words={"1": ("connected", GREEN), "0": ("not connected", RED)}),
            CLUSTER,
            Column(field="Value #B", heading="Processors", unit="percentunit", steps=share),
            Column(field="Value #C", heading="Memory", unit="percentunit", steps=share),
            Column(field="Value #D", heading="VMs"),
            Column(field="Value #E", heading="Up for", unit="s"),
        ),
        sort_by="Host",
        descending=False,
        span=24,
    )


def connected() -> Panel:
    return strip(
        202,
        "When did vCenter reach them?",
        "Red: vCenter had lost the host, and what its machines did is unknown. A hole: nobody measured.",
        Query(
            expr=f"{EACH_HOST} ({selected('vsphere_host_connection_state', CHOSEN, state='connected')})",
            legend="{{host_name}}",
        ),
        words={"1": ("connected", GREEN), "0": ("not connected", RED)},
        span=8,
        height=8,
    )


def maintenance() -> Panel:
    return strip(
        203,
        "When were they in maintenance?",
        "Yellow: maintenance mode; the cluster had one host less. Compare with what the vendor announced.",
        Query(expr=f"{EACH_HOST} ({selected('vsphere_host_maintenance_mode', CHOSEN)})", legend="{{host_name}}"),
        words={"1": ("in maintenance", YELLOW), "0": ("in service", GREEN)},
        span=8,
        height=8,
    )


def builds() -> Panel:
    return listing(
        204,
        "Do they run the same build?",
        "Hosts by version and build of the hypervisor. More than one line for long: patching was begun and not ended.",
        Query(
            expr=f"count by (version, build, vendor, model) (max by (vcenter, host_id, version, build, vendor, model)"
            f" ({selected('vsphere_host_info', CHOSEN)}))"
        ),
        columns=(
            Column(field="version", heading="Version"),
            Column(field="build", heading="Build"),
            Column(field="model", heading="Model"),
            Column(field="Value", heading="Hosts"),
        ),
        sort_by="Build",
        span=8,
    )


def sensors() -> Panel:
    return listing(
        401,
        "Which sensors are not green?",
        "Fans, power supplies, temperatures and memory that the hardware itself complains about.",
        Query(
            expr="max by (vcenter, host_name, sensor_name, state)"
            f" ({selected('vsphere_host_sensor_health_state', CHOSEN, UNSOUND)}) == 1"
        ),
        columns=(
            HOST,
            Column(field="sensor_name", heading="Sensor"),
            Column(
                field="state",
                heading="State",
                words={"yellow": ("yellow", YELLOW), "red": ("red", RED), "unknown": ("unknown", YELLOW)},
            ),
            VCENTER,
        ),
        sort_by="Host",
        descending=False,
        empty=NONE,
    )


def paths() -> Panel:
    per = "max by (vcenter, host_id, host_name)"
    return listing(
        402,
        "Are paths to the storage dead?",
        "Paths that work and paths that are dead. With one path left the next fault is an outage.",
        Query(expr=f"{per} ({selected('vsphere_host_storage_paths', CHOSEN, state='dead')})"),
        Query(expr=f"{per} ({selected('vsphere_host_storage_paths', CHOSEN, state='active')})"),
        columns=(
            HOST,
            Column(field="Value #A", heading="Dead", steps=((GREEN, None), (RED, 1))),
            Column(field="Value #B", heading="Active"),
            VCENTER,
        ),
        sort_by="Dead",
    )


def links() -> Panel:
    return listing(
        403,
        "Which network cards have no link?",
        "Physical cards without a link: never used, or a lost cable. One that had a link yesterday raises an alert.",
        Query(
            expr="max by (vcenter, host_name, interface)"
            f" ({selected('vsphere_host_network_interface_up', CHOSEN)}) == 0"
        ),
        columns=(HOST, Column(field="interface", heading="Card"), VCENTER),
        sort_by="Host",
        descending=False,
        empty=NONE,
    )


def power() -> Panel:
    return lines(
        404,
        "How much power do they draw?",
        "Electrical power of each host. A step down without maintenance is a power supply.",
        Query(expr=f"{EACH_HOST} ({selected('vsphere_host_power_watts', CHOSEN)})", legend="{{host_name}}"),
        unit="watt",
    )
