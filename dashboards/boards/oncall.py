"""What is wrong now, and is it ours or the platform's?

Asked by whoever is on call, and by anyone who opens Grafana with a minute to spare.
"""

from grafana_foundation_sdk.builders.dashboard import Dashboard

from dashboards.boards import oncall_platform
from dashboards.boards.frame import Row, dashboard_of
from dashboards.boards.panels import BAD_FROM_ONE, GREEN, NONE, RED, YELLOW, Panel, Query, lines, number, strip
from dashboards.boards.promql import EACH_VM, HA_RESTARTS, NOT_TEMPLATE, recorded, selected
from dashboards.boards.tables import CLUSTER, HOST, VCENTER, VM, Column, listing
from dashboards.boards.trust import trust

OFF = 'state=~"poweredOff|suspended"'
NOT_WATCHDOG = 'alertstate="firing", alertname!="Watchdog", job=~"$job|", vcenter=~"$vcenter|"'


def board() -> Dashboard:
    return dashboard_of(
        "oncall",
        "On call",
        "What is wrong now, and is it ours or the platform's?",
        (
            trust(),
            Row(
                id=200,
                title="Are the servers up?",
                panels=(vms_on(), vms_off(), vms_down(), guests_silent(), down_list(), alerts_firing(), unreachable()),
            ),
            Row(id=250, title="What just happened?", panels=(vms_that_changed(), vms_on_over_time(), events())),
            Row(id=300, title="Does the platform hold?", panels=oncall_platform.holding()),
            Row(id=400, title="Is it slow?", panels=oncall_platform.slow()),
        ),
    )


def vms_on() -> Panel:
    return number(
        201,
        "VMs on",
        "How many virtual machines are powered on, of those that vCenter has not lost sight of?",
        Query(
            expr=f"sum({EACH_VM} ({selected('vsphere_vm_power_state', state='poweredOn')}) * on (vcenter, vm_id)"
            f" {EACH_VM} ({selected('vsphere_vm_connection_state', state='connected')}) {NOT_TEMPLATE})"
        ),
    )


def vms_off() -> Panel:
    return number(
        202,
        "VMs off",
        "How many virtual machines are off or suspended, on purpose or not? Templates are not counted.",
        Query(expr=f"sum({EACH_VM} ({selected('vsphere_vm_power_state', OFF)}) {NOT_TEMPLATE})"),
    )


def vms_down() -> Panel:
    return number(
        203,
        "VMs down",
        "How many virtual machines were up within the last seven days and are not up now?",
        Query(expr=f"sum({recorded('vsphere:vm_not_up:bool')})"),
        steps=BAD_FROM_ONE,
    )


def guests_silent() -> Panel:
    return number(
        204,
        "Guests silent",
        "In how many machines that are on has the guest system stopped beating (heartbeat red)?",
        Query(expr=f"sum({EACH_VM} ({selected('vsphere_vm_guest_heartbeat', state='red')}))"),
        steps=BAD_FROM_ONE,
    )


def down_list() -> Panel:
    return listing(
        205,
        "Which VMs are down, and since when?",
        "Machines that were up within the last seven days and are not up now, the latest first.",
        Query(
            expr=f"(time() - {recorded('vsphere:vm_last_up:timestamp_seconds')})"
            " * on (vcenter, vm_id) group_left (vm_name, host_name, cluster_name)"
            f" ({recorded('vsphere:vm_not_up:bool')} == 1)"
        ),
        columns=(VM, Column(field="Value", heading="Not up for", unit="s"), HOST, CLUSTER, VCENTER),
        sort_by="Not up for",
        descending=False,
        empty=NONE,
    )


def unreachable() -> Panel:
    return listing(
        208,
        "Which are up for the platform and down for us?",
        "Machines that the ledger calls up and a probe does not reach, by probe. Empty too where nothing probes.",
        Query(
            expr=f"({recorded('vsphere:vm_up_but_unreachable:bool')} == 1)"
            f" * on (vcenter, vm_id) group_left (host_name, cluster_name) {recorded('vsphere:vm_placement:info')}"
        ),
        columns=(VM, Column(field="probe", heading="Probe"), HOST, CLUSTER, VCENTER),
        sort_by="VM",
        descending=False,
        empty=NONE,
    )


def alerts_firing() -> Panel:
    return listing(
        207,
        "What is alarming?",
        "The alerts that fire now. Critical ones have called somebody; the rest stands in the daily digest.",
        Query(expr=f"ALERTS{{{NOT_WATCHDOG}}}"),
        columns=(
            Column(
                field="severity",
                heading="Severity",
                words={"critical": ("critical", RED), "warning": ("warning", YELLOW)},
            ),
            Column(field="alertname", heading="Alert"),
            VM,
            HOST,
            Column(field="datastore_name", heading="Datastore"),
            VCENTER,
        ),
        sort_by="Severity",
        descending=False,
        empty=NONE,
    )


def vms_that_changed() -> Panel:
    changed = f"changes({recorded('vsphere:vm_not_up:bool')}[$__range] @ end()) > 0"
    return strip(
        251,
        "Which VMs fell or came back?",
        "Only machines whose state changed within the time range. Red: not up. A hole: nobody measured, or it is gone.",
        Query(expr=f"{recorded('vsphere:vm_not_up:bool')} and on (vcenter, vm_id) {changed}", legend="{{vm_name}}"),
        words={"0": ("up", GREEN), "1": ("not up", RED)},
        height=8,
        empty=NONE,
    )


def vms_on_over_time() -> Panel:
    return lines(
        206,
        "Did anything fall over?",
        "Virtual machines that are on, for each vCenter. A step down is an outage or a decision; a hole is unmeasured.",
        Query(
            expr=f"sum by (vcenter) ({EACH_VM} ({selected('vsphere_vm_power_state', state='poweredOn')}))",
            legend="{{vcenter}}",
        ),
        span=6,
    )


def events() -> Panel:
    restarts = selected("checkmeter_ledger_events_total", HA_RESTARTS)
    return lines(
        253,
        "Did vSphere HA restart or move anything?",
        "Machines that HA restarted after a failure, and machines that moved between hosts, as vCenter reported them.",
        Query(expr=f"sum(increase({restarts}[$__rate_interval]))", legend="restarted by HA"),
        Query(
            expr=f"sum(increase({selected('vsphere_cluster_vmotions_total')}[$__rate_interval]))",
            legend="moved (vMotion)",
        ),
        span=6,
        events=True,
        empty=NONE,
    )
