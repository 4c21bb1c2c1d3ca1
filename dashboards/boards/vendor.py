"""What did the vendor do, and how well is the platform kept? For the meeting with the vendor, on the projector."""

from grafana_foundation_sdk.builders.dashboard import Dashboard

from dashboards.boards import disagreements, findings
from dashboards.boards.frame import Row, dashboard_of
from dashboards.boards.panels import GREEN, NONE, RED, YELLOW, Panel, Query, lines, number, strip
from dashboards.boards.promql import (
    EACH_ALARM,
    EACH_HOST,
    EACH_NAMED_VM,
    EACH_VCENTER,
    HA_RESTARTS,
    recorded,
    selected,
    zero_while_a_vcenter_answers,
)
from dashboards.boards.tables import ALARM_FOR, CLUSTER, HOST, VCENTER, VM, Column, listing
from dashboards.boards.trust import trust

WORK = (
    'kind=~"VmPoweredOffEvent|VmPoweredOnEvent|VmReconfiguredEvent|VmRemovedEvent|VmCreatedEvent|VmMigratedEvent'
    '|EnteredMaintenanceModeEvent|ExitMaintenanceModeEvent|HostDisconnectedEvent|PermissionUpdatedEvent"'
)
FAULTS = (
    'kind=~"HostConnectionLostEvent|DasHostFailedEvent|com.vmware.vc.HA.DasHostFailedEvent|VmFailoverFailed'
    "|InsufficientFailoverResourcesEvent|esx.problem.storage.connectivity.lost|esx.problem.net.connectivity.lost"
    '|esx.problem.storage.redundancy.lost|VmGuestOSCrashedEvent"'
)
DOWN = "vsphere_vm_ledger_month_down_seconds"


def board() -> Dashboard:
    return dashboard_of(
        "vendor",
        "Vendor",
        "What did the vendor do, and how well is the platform kept?",
        (
            trust(),
            Row(id=500, title="Where do we and the vendor disagree?", panels=disagreements.panels()),
            Row(
                id=200,
                title="What did we lose?",
                panels=(outages(), affected(), no_reserve(), clock(), downtime(), ha_restarts()),
            ),
            Row(id=300, title="What was done?", panels=(work(), faults(), maintenance(), connections(), reboots())),
            Row(
                id=400,
                title="What waits for the vendor?",
                panels=(snapshots(), alarms(), builds(), findings.standing(404)),
            ),
        ),
        past="now/M",
        refresh="5m",
    )


def outages() -> Panel:
    return number(
        201,
        "Outages",
        "How many outages of machines has the ledger this month (UTC), and in all? Compare with the vendor's list.",
        Query(expr=f"{EACH_VCENTER} ({selected('checkmeter_ledger_month_outages')})", legend="{{vcenter}}, this month"),
        Query(
            expr=f"{EACH_VCENTER} ({selected('checkmeter_ledger_outages')})",
            legend="{{vcenter}}, since the ledger began",
        ),
        steps=((GREEN, None), (YELLOW, 1)),
        empty=NONE,
    )


def affected() -> Panel:
    return number(
        202,
        "Machines that were down",
        "How many machines were down at least once this month (UTC)?",
        Query(
            expr=f"count by (vcenter) (max by (vcenter, vm_id) ({selected(DOWN)}) > 0)"
            f" or 0 * {EACH_VCENTER} ({selected('checkmeter_ledger_month_outages')})",
            legend="{{vcenter}}",
        ),
        steps=((GREEN, None), (YELLOW, 1)),
    )


def no_reserve() -> Panel:
    return number(
        203,
        "Time without reserve",
        "Share of the time range in which the memory of a cluster would not have sufficed after the loss of a host.",
        Query(
            expr=f"avg_over_time(({recorded('vsphere:cluster_memory_after_host_loss:ratio')} > bool 1)[$__range:5m])",
            legend="{{cluster_name}}",
        ),
        unit="percentunit",
        steps=((GREEN, None), (RED, 0.0001)),
        empty=NONE,
    )


def clock() -> Panel:
    return number(
        204,
        "Clock of vCenter",
        "How far is vCenter's clock from ours? Before times are argued about, they have to be comparable.",
        Query(expr=f"{EACH_VCENTER} ({selected('checkmeter_vcenter_clock_offset_seconds')})", legend="{{vcenter}}"),
        unit="s",
        steps=((YELLOW, None), (GREEN, -2), (YELLOW, 2), (RED, 30)),
    )


def downtime() -> Panel:
    return listing(
        205,
        "Which machines were down?",
        "Downtime of this month (UTC), the worst first. `checkmeter ledger outages` has the events for each.",
        Query(expr=f"topk(20, {EACH_NAMED_VM} ({selected(DOWN)}) > 0)"),
        columns=(VM, Column(field="Value", heading="Down", unit="s"), VCENTER),
        sort_by="Down",
        empty=NONE,
    )


def ha_restarts() -> Panel:
    restarts = selected("checkmeter_ledger_events_total", HA_RESTARTS)
    return lines(
        206,
        "When did HA have to restart machines?",
        "Each is an outage of minutes that some vendors do not count. Ask whether the contract does.",
        Query(expr=f"sum by (vcenter) (increase({restarts}[$__rate_interval]))", legend="{{vcenter}}"),
        events=True,
        empty=NONE,
    )


def work() -> Panel:
    done = selected("checkmeter_ledger_events_total", WORK)
    return lines(
        301,
        "What was done on the platform?",
        "Changes by kind, as vCenter's events report them. Who did each: `checkmeter ledger events --kind KIND`.",
        Query(expr=f"sum by (kind) (increase({done}[$__rate_interval])) > 0", legend="{{kind}}"),
        events=True,
        empty=NONE,
    )


def faults() -> Panel:
    failed = selected("checkmeter_ledger_events_total", FAULTS)
    return lines(
        302,
        "What failed on the platform?",
        "Hosts, storage and networks that vCenter itself reported as failed. Is each on the vendor's list of incidents?",
        Query(expr=f"sum by (kind) (increase({failed}[$__rate_interval])) > 0", legend="{{kind}}"),
        events=True,
        empty=NONE,
    )


def maintenance() -> Panel:
    return strip(
        303,
        "When were hosts in maintenance?",
        "Yellow: in maintenance. Compare with the work that was announced.",
        Query(expr=f"{EACH_HOST} ({selected('vsphere_host_maintenance_mode')})", legend="{{host_name}}"),
        words={"1": ("in maintenance", YELLOW), "0": ("in service", GREEN)},
        span=8,
        height=8,
    )


def connections() -> Panel:
    return strip(
        304,
        "When were hosts lost?",
        "Red: vCenter had no connection to the host.",
        Query(
            expr=f"{EACH_HOST} ({selected('vsphere_host_connection_state', state='connected')})",
            legend="{{host_name}}",
        ),
        words={"1": ("connected", GREEN), "0": ("not connected", RED)},
        span=8,
        height=8,
    )


def reboots() -> Panel:
    return listing(
        305,
        "How long have hosts been up?",
        "A host that never restarts is never patched; one that restarts unannounced is a question to the vendor.",
        Query(
            expr=f"(time() - {EACH_HOST} ({selected('vsphere_host_boot_timestamp_seconds')}))"
            f" * on (vcenter, host_id) group_left (cluster_name) {recorded('vsphere:host_placement:info')}"
        ),
        columns=(HOST, Column(field="Value", heading="Up for", unit="s"), CLUSTER, VCENTER),
        sort_by="Up for",
        span=8,
    )


def snapshots() -> Panel:
    old = f"time() - max by (vcenter, vm_id) ({selected('vsphere_vm_snapshot_oldest_timestamp_seconds')})"
    return number(
        401,
        "Snapshots over three days",
        "How many machines have a snapshot older than three days?",
        Query(expr=zero_while_a_vcenter_answers(f"count({old} > 259200)")),
        steps=((GREEN, None), (YELLOW, 1)),
        span=4,
    )


def alarms() -> Panel:
    return listing(
        402,
        "Which alarms of vCenter stand longest?",
        "The vendor's own alarms. One that stands for weeks is watched by nobody.",
        Query(
            expr=f"topk(15, time() - {EACH_ALARM} ({selected('vsphere_alarm_triggered_timestamp_seconds')}))",
        ),
        columns=ALARM_FOR,
        sort_by="For",
        empty=NONE,
    )


def builds() -> Panel:
    return listing(
        403,
        "What is vCenter's version?",
        "Version and build of vCenter. How old that is, the vendor's release notes say.",
        Query(expr=f"max by (vcenter, product, version, build, patch_level) ({selected('vsphere_vcenter_info')})"),
        columns=(
            VCENTER,
            Column(field="product", heading="Product"),
            Column(field="version", heading="Version"),
            Column(field="build", heading="Build"),
        ),
        sort_by="vCenter",
        descending=False,
        span=8,
    )
