"""Is the house kept? What nobody is paged for and somebody has to clear away.

For the morning's round, and for the vendor meeting.
"""

from grafana_foundation_sdk.builders.dashboard import Dashboard

from dashboards.boards import findings
from dashboards.boards.frame import Row, dashboard_of
from dashboards.boards.panels import GREEN, NONE, RED, YELLOW, Panel, Query, bars, number
from dashboards.boards.promql import (
    EACH_ALARM,
    EACH_HOST,
    EACH_NAMED_VM,
    EACH_VM,
    PLACED,
    selected,
    zero_while_a_vcenter_answers,
)
from dashboards.boards.tables import ALARM_FOR, CLUSTER, HOST, VCENTER, VM, Column, listing
from dashboards.boards.trust import trust

THREE_DAYS = 259200
OUTDATED = 'state!~"guestToolsCurrent|guestToolsUnmanaged"'


def board() -> Dashboard:
    return dashboard_of(
        "hygiene",
        "Hygiene",
        "Is the house kept?",
        (
            trust(),
            Row(id=500, title="What do the health checks say?", panels=findings.panels()),
            Row(
                id=200,
                title="What was left behind?",
                panels=(snapshot_count(), snapshot_space(), questions(), consolidation(), snapshots(), file_systems()),
            ),
            Row(id=300, title="Is it up to date?", panels=(tools_silent(), tools_outdated(), hardware_versions())),
            Row(
                id=400,
                title="Would it survive a failure?",
                panels=(
                    unprotected(),
                    local_datastores(),
                    hosts_to_reboot(),
                    clocks(),
                    alarms_ignored(),
                    certificate(),
                ),
            ),
        ),
        past="now-7d",
        refresh="5m",
    )


def snapshot_count() -> Panel:
    oldest = selected("vsphere_vm_snapshot_oldest_timestamp_seconds")
    return number(
        201,
        "Snapshots over three days",
        "How many machines have a snapshot older than three days?",
        Query(expr=zero_while_a_vcenter_answers(f"count(time() - {EACH_VM} ({oldest}) > {THREE_DAYS})")),
        steps=((GREEN, None), (YELLOW, 1), (RED, 5)),
    )


def snapshot_space() -> Panel:
    return number(
        202,
        "Space of snapshots",
        "How much space do all snapshots together take?",
        Query(expr=zero_while_a_vcenter_answers(f"sum({EACH_VM} ({selected('vsphere_vm_snapshot_size_bytes')}))")),
        unit="bytes",
    )


def questions() -> Panel:
    return number(
        203,
        "Questions pending",
        "How many machines stand still until somebody answers a question in vCenter?",
        Query(expr=f"sum({EACH_VM} ({selected('vsphere_vm_question_pending')}))"),
        steps=((GREEN, None), (RED, 1)),
    )


def consolidation() -> Panel:
    return number(
        204,
        "Disks left behind",
        "How many machines run on disks of snapshots that were removed and not consolidated?",
        Query(expr=f"sum({EACH_VM} ({selected('vsphere_vm_consolidation_needed')}))"),
        steps=((GREEN, None), (YELLOW, 1)),
    )


def snapshots() -> Panel:
    return listing(
        205,
        "Which snapshots are old?",
        "Every machine with a snapshot, the oldest first. Red from three days on: ask the vendor to remove it.",
        Query(expr=f"time() - {EACH_NAMED_VM} ({selected('vsphere_vm_snapshot_oldest_timestamp_seconds')})"),
        Query(expr=f"{EACH_NAMED_VM} ({selected('vsphere_vm_snapshot_size_bytes')} > 0)"),
        columns=(
            VM,
            Column(field="Value #A", heading="Oldest", unit="s", steps=((GREEN, None), (RED, THREE_DAYS))),
            Column(field="Value #B", heading="Space", unit="bytes"),
            VCENTER,
        ),
        sort_by="Oldest",
        empty=NONE,
    )


def file_systems() -> Panel:
    free = f"{selected('vsphere_vm_guest_disk_free_bytes')} / {selected('vsphere_vm_guest_disk_capacity_bytes')}"
    return listing(
        206,
        "Which guests' file systems are nearly full?",
        "Less than a tenth free, as VMware Tools report it. That is inside the machine: ours, not the vendor's.",
        Query(expr=f"max by (vcenter, vm_id, vm_name, path) ({free}) < 0.1"),
        columns=(
            VM,
            Column(field="path", heading="File system"),
            Column(field="Value", heading="Free", unit="percentunit", steps=((RED, None), (YELLOW, 0.05))),
            VCENTER,
        ),
        sort_by="Free",
        descending=False,
        empty=NONE,
    )


def tools_silent() -> Panel:
    on = f"{selected('vsphere_vm_power_state', state='poweredOn')} == 1"
    return listing(
        301,
        "Where do VMware Tools not run?",
        "Machines that are on without running Tools: no clean shutdown, no heartbeat, backups that are not consistent.",
        Query(
            expr=f"({EACH_NAMED_VM} ({selected('vsphere_vm_tools_running_state', state='guestToolsNotRunning')}) == 1"
            f" and on (vcenter, vm_id) {on}) {PLACED}"
        ),
        columns=(VM, HOST, CLUSTER, VCENTER),
        sort_by="VM",
        descending=False,
        empty=NONE,
        span=8,
    )


def tools_outdated() -> Panel:
    return listing(
        302,
        "Where are VMware Tools outdated?",
        "Neither current nor the guest's own package (open-vm-tools).",
        Query(
            expr="max by (vcenter, vm_id, vm_name, state)"
            f" ({selected('vsphere_vm_tools_version_state', OUTDATED)}) == 1"
        ),
        columns=(VM, Column(field="state", heading="Version"), VCENTER),
        sort_by="VM",
        descending=False,
        empty=NONE,
        span=8,
    )


def hardware_versions() -> Panel:
    return bars(
        303,
        "How old is the virtual hardware?",
        "Machines by version of their virtual hardware. Old ones miss features and, one day, support.",
        Query(
            expr="count by (hardware_version) (max by (vcenter, vm_id, hardware_version)"
            f" ({selected('vsphere_vm_info')}))",
            legend="{{hardware_version}}",
        ),
        span=8,
    )


def unprotected() -> Panel:
    on = f"{selected('vsphere_vm_power_state', state='poweredOn')} == 1"
    return listing(
        401,
        "Which machines would HA not restart?",
        "Machines that are on in a cluster with HA and are not protected by it.",
        Query(
            expr=f"({EACH_NAMED_VM} ({selected('vsphere_vm_ha_protected')}) == 0 and on (vcenter, vm_id) {on}) {PLACED}"
        ),
        columns=(VM, HOST, CLUSTER, VCENTER),
        sort_by="VM",
        descending=False,
        empty=NONE,
        span=8,
    )


def local_datastores() -> Panel:
    local = selected("vsphere_datastore_info", local="true")
    return listing(
        402,
        "Which machines stand on a host's own disks?",
        "On a local datastore a machine dies with its host: no other host can start it.",
        Query(
            expr="max by (vcenter, vm_id, vm_name, datastore_id, datastore_name)"
            f" ({selected('vsphere_vm_datastore_info')}) and on (vcenter, datastore_id) {local}"
        ),
        columns=(VM, Column(field="datastore_name", heading="Datastore"), VCENTER),
        sort_by="VM",
        descending=False,
        empty=NONE,
        span=8,
    )


def hosts_to_reboot() -> Panel:
    return listing(
        403,
        "Which hosts wait for a reboot?",
        "A change of their configuration, often a patch, takes effect only then.",
        Query(expr=f"{EACH_HOST} ({selected('vsphere_host_reboot_required')}) == 1"),
        columns=(HOST, VCENTER),
        sort_by="Host",
        descending=False,
        empty=NONE,
        span=8,
    )


def clocks() -> Panel:
    return listing(
        404,
        "Which hosts are out of step with their time source?",
        "Machines that take their time from such a host have a wrong clock, and logs that nobody can compare.",
        Query(expr=f"{EACH_HOST} ({selected('vsphere_host_time_in_sync')}) == 0"),
        columns=(HOST, VCENTER),
        sort_by="Host",
        descending=False,
        empty=NONE,
        span=8,
    )


def alarms_ignored() -> Panel:
    return listing(
        405,
        "Which alarms has nobody acknowledged?",
        "vCenter's own alarms, yellow and red, that stand without anybody's mark, the oldest first.",
        Query(
            expr=f"(time() - {EACH_ALARM} ({selected('vsphere_alarm_triggered_timestamp_seconds')}))"
            f" and on (vcenter, alarm_id, entity_id) {selected('vsphere_alarm_acknowledged')} == 0"
        ),
        columns=ALARM_FOR,
        sort_by="For",
        empty=NONE,
        span=8,
    )


def certificate() -> Panel:
    return number(
        406,
        "vCenter's certificate expires in",
        "How long is the certificate valid that vCenter showed at the last connection?",
        Query(
            expr=f"max by (vcenter) ({selected('vsphere_vcenter_certificate_expiry_timestamp_seconds')}) - time()",
            legend="{{vcenter}}",
        ),
        unit="s",
        steps=((RED, None), (YELLOW, 1209600), (GREEN, 2592000)),
        span=8,
    )
